"""
Bind finished pages into one PDF with pikepdf: fonts, layers, links, bookmarks, georeferencing.

Nothing here knows a sheet, an estate or the time of day; dates come in as text.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from pyproj import CRS

from atlas.canvas import Box, GeoFrame, Page, dash_name
from atlas.fontfile import embed
from atlas.text import Fonts
from geo.crs import Passage, transformer

_PT = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Bookmark of a page: title, page label, and title of the parent bookmark ("" for none)."""

    title: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class Binding:
    """
    What turns pages into a booklet.

    Attributes
    ----------
    crs : pyproj.CRS
        Of every georeferenced frame.
    layer_names : mapping of str to str
        What a reader sees for each layer key.
    bookmarks : sequence of Bookmark
        One a page.
    title, subject, author : str
        Document properties.
    date : str
        ISO 8601 date of the booklet, given by the office.
    attachments : mapping of str to bytes
        Files carried by the PDF.
    hidden : frozenset of str
        Layers switched off at first.
    """

    crs: CRS
    layer_names: Mapping[str, str]
    bookmarks: Sequence[Bookmark]
    title: str
    subject: str
    author: str
    date: str
    language: str = "zh-CN"
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    keywords: str = ""


def bind(pages: Sequence[Page], binding: Binding, fonts: Fonts) -> bytes:
    """Return the PDF of `pages`; equal pages and binding give equal bytes."""
    pdf = pikepdf.new()
    resources = _fonts(pdf, pages, fonts)
    layers = _layers(pdf, pages, binding.layer_names)
    for page in pages:
        _add_page(pdf, page, resources, layers)
    _link(pdf, pages)
    _georeference(pdf, pages, binding.crs)
    _outline(pdf, binding.bookmarks)
    _label(pdf, binding.bookmarks)
    for name, content in binding.attachments.items():
        _attach(pdf, name, content)
    _describe(pdf, binding)
    buffer = io.BytesIO()
    pdf.save(
        buffer,
        compress_streams=True,
        recompress_flate=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
    return buffer.getvalue()


def _fonts(pdf: pikepdf.Pdf, pages: Sequence[Page], fonts: Fonts) -> dict[str, pikepdf.Object]:
    """Embed each face once, with the glyphs that any page prints."""
    used: dict[str, dict[int, str]] = {}
    for page in pages:
        for key, glyphs in page.glyphs.items():
            used.setdefault(key, {}).update(glyphs)
    return {key: embed(pdf, fonts.faces[key], used[key]) for key in sorted(used)}


def _layers(
    pdf: pikepdf.Pdf, pages: Sequence[Page], names: Mapping[str, str]
) -> dict[tuple[str, ...], Dictionary]:
    """Declare the layers of all pages as one tree, in the order of `names`."""
    order = {key: position for position, key in enumerate(names)}
    paths = sorted(
        {path for page in pages for path in page.layers}, key=lambda p: [order[k] for k in p]
    )
    groups = {
        path: pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(names[path[-1]])))
        for path in paths
    }
    if groups:
        pdf.Root.OCProperties = Dictionary(
            OCGs=Array(list(groups.values())),
            D=Dictionary(
                Name=String("图层"),
                Order=_order((), groups),
                ListMode=Name.AllPages,
                Intent=Name.View,
            ),
        )
    return groups


def _order(parent: tuple[str, ...], groups: Mapping[tuple[str, ...], Dictionary]) -> Array:
    listed = Array()
    for path, group in groups.items():
        if path[:-1] == parent:
            listed.append(group)
            children = _order(path, groups)
            if len(children):
                listed.append(children)
    return listed


def _add_page(
    pdf: pikepdf.Pdf,
    page: Page,
    fonts: Mapping[str, pikepdf.Object],
    layers: Mapping[tuple[str, ...], Dictionary],
) -> None:
    resources = Dictionary(
        Font=Dictionary({f"/{key}": fonts[key] for key in page.glyphs}),
        Properties=Dictionary({f"/{'-'.join(path)}": layers[path] for path in page.layers}),
        ExtGState=Dictionary(
            {f"/A{round(a * 100)}": Dictionary(ca=a, CA=a) for a in page.alphas}
            | {f"/{dash_name(d)}": Dictionary(D=Array([Array(d), 0])) for d in page.dashes}
        ),
    )
    made = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, _number(page.width * _PT), _number(page.height * _PT)]),
        Resources=resources,
        Contents=pdf.make_stream(page.content, Filter=Name.FlateDecode),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(made)))


def _link(pdf: pikepdf.Pdf, pages: Sequence[Page]) -> None:
    """Turn links into annotations; a link without a destination in this booklet is omitted."""
    places: dict[str, Array] = {}
    for page, made in zip(pages, pdf.pages, strict=True):
        for name, y in page.destinations:
            top = _number((page.height - y) * _PT)
            places.setdefault(name, Array([made.obj, Name.XYZ, 0, top, 0]))
    for page, made in zip(pages, pdf.pages, strict=True):
        known = [link for link in page.links if link.target in places]
        if known:
            made.Annots = Array(
                pdf.make_indirect(
                    Dictionary(
                        Type=Name.Annot,
                        Subtype=Name.Link,
                        Rect=_rect(link.box, page.height),
                        Border=Array([0, 0, 0]),
                        Dest=places[link.target],
                        F=4,
                    )
                )
                for link in known
            )


def _georeference(pdf: pikepdf.Pdf, pages: Sequence[Page], crs: CRS) -> None:
    """Give every map frame its viewport; all of them share one reference system."""
    if not any(page.frames for page in pages):
        return
    system = pdf.make_indirect(
        Dictionary(Type=Name.PROJCS, EPSG=crs.to_epsg() or 0, WKT=String(crs.to_wkt("WKT1_ESRI")))
    )
    change = transformer(crs, crs.geodetic_crs) if crs.geodetic_crs else None
    for page, made in zip(pages, pdf.pages, strict=True):
        if page.frames:
            made.VP = Array([_viewport(page, frame, system, change) for frame in page.frames])


def _viewport(
    page: Page, frame: GeoFrame, system: pikepdf.Object, change: Passage | None
) -> Dictionary:
    """Return the geospatial viewport (ISO 32000-2, 12.9 and 12.10) of a map frame."""
    west, south, east, north = frame.bounds
    corners = ((west, south), (west, north), (east, north), (east, south))
    points = [change.transform(*corner) if change else corner for corner in corners]
    unit = Array([Name.M, Name.SQM, Name.DEG])
    square = [0, 0, 0, 1, 1, 1, 1, 0]
    return Dictionary(
        Type=Name.Viewport,
        Name=String(frame.name),
        BBox=_rect(frame.box, page.height),
        Measure=Dictionary(
            Type=Name.Measure,
            Subtype=Name.GEO,
            Bounds=Array(square),
            LPTS=Array(square),
            GPTS=Array([_number(value, 10) for lon, lat in points for value in (lat, lon)]),
            PDU=unit,
            GCS=system,
        ),
    )


def _outline(pdf: pikepdf.Pdf, bookmarks: Sequence[Bookmark]) -> None:
    with pdf.open_outline() as outline:
        group, under = "", outline.root
        for page, bookmark in enumerate(bookmarks):
            if bookmark.group != group:
                group, under = bookmark.group, outline.root
                if group:
                    head = pikepdf.OutlineItem(group, page)
                    outline.root.append(head)
                    head.is_closed = True
                    under = head.children
            under.append(pikepdf.OutlineItem(bookmark.title, page))


def _label(pdf: pikepdf.Pdf, bookmarks: Sequence[Bookmark]) -> None:
    numbers: list[object] = []
    for page, bookmark in enumerate(bookmarks):
        numbers += [page, Dictionary(P=String(bookmark.label))]
    pdf.Root.PageLabels = Dictionary(Nums=Array(numbers))


def _attach(pdf: pikepdf.Pdf, name: str, content: bytes) -> None:
    pdf.attachments[name] = pikepdf.AttachedFileSpec(
        pdf, content, filename=name, mime_type="text/csv", creation_date="", mod_date=""
    )


def _describe(pdf: pikepdf.Pdf, binding: Binding) -> None:
    """Write the same description into XMP and into the old information dictionary."""
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["dc:title"] = binding.title
        xmp["dc:description"] = binding.subject
        xmp["dc:creator"] = [binding.author]
        xmp["dc:language"] = [binding.language]
        xmp["pdf:Keywords"] = binding.keywords
        xmp["xmp:CreateDate"] = binding.date
        xmp["xmp:ModifyDate"] = binding.date
        xmp["xmp:CreatorTool"] = "Litong Gap Map"
    day = binding.date.replace("-", "")
    pdf.docinfo["/Title"] = binding.title
    pdf.docinfo["/Subject"] = binding.subject
    pdf.docinfo["/Author"] = binding.author
    pdf.docinfo["/Creator"] = "Litong Gap Map"
    pdf.docinfo["/CreationDate"] = f"D:{day}"
    pdf.docinfo["/ModDate"] = f"D:{day}"
    pdf.Root.Lang = String(binding.language)
    pdf.Root.PageMode = Name.UseOutlines
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, PrintScaling=Name("/None"))


def _rect(box: Box, height: float) -> Array:
    """Return a box in PDF units, from the lower left corner of the page."""
    values = (box.x, height - box.bottom, box.right, height - box.y)
    return Array([_number(value * _PT) for value in values])


def _number(value: float, decimals: int = 6) -> pikepdf.Object:
    return pikepdf.Object.parse(f"{value:.{decimals}f}".encode())
