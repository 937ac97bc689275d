"""Text of whole files: decoded strictly, by the encoding asked for or by the first that fits."""

from intake.child.refused import Refused

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(data: bytes, asked: str = "", declared: str = "") -> tuple[str, str]:
    """
    Decode a whole file.

    Parameters
    ----------
    data : bytes
        The file.
    asked : str
        The encoding a person chose, "" if none.
    declared : str
        What the file says of itself; tried first, believed only if every byte fits.

    Returns
    -------
    tuple of str
        The text, and the encoding it was in.

    Raises
    ------
    Refused
        If no encoding fits every byte.
    """
    marked = [codec for mark, codec in _BOMS if data.startswith(mark)]
    wanted = [asked] if asked else [*marked, "utf-8", declared, "gb18030"]
    for codec in filter(None, wanted):
        try:
            return data.decode(codec), codec
        except (UnicodeDecodeError, LookupError):
            continue
    raise Refused("text.undecodable", " / ".join(filter(None, wanted)))
