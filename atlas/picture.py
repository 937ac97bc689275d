"""Picture: a page of a finished PDF as an image, for a preview."""

import io

import pypdfium2


def picture(pdf: bytes, width_px: int) -> bytes:
    """
    Return the first page of `pdf` as PNG.

    Parameters
    ----------
    pdf : bytes
        A booklet of our own making; files from outside never come here.
    width_px : int
        Width of the picture.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        scale = width_px / page.get_width()
        image = page.render(scale=scale).to_pil()
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()
