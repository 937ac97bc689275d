"""
QML: how QGIS draws a layer, calls its columns and offers its codes, from the LayerSpec.

Aliases and code labels are Chinese; the looks are those of `layers.style`. Nothing of the data goes
in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from layers.spec import Column, LayerSpec
from layers.style import RGB, Hatch, LayerStyle, Theme, layer_styles
from wording import Text

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VERSION = "3.22.0"
_OPAQUE = 255
_KIND = {"Point": "marker", "LineString": "line", "Polygon": "fill"}
_CLASS = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}
_UNSET = "未填"
_FONT = "Noto Sans CJK SC"
_WHITE: RGB = (255, 255, 255)
_GREY: RGB = (150, 150, 150)
_LETTER_SHARE = 0.7
_MARKER = {
    "": ("circle", "0"),
    "plate": ("square", "0"),
    "square": ("square", "0"),
    "lift": ("square", "0"),
    "diamond": ("diamond", "0"),
    "gate": ("triangle", "0"),
    "gate_closed": ("triangle", "0"),
    "door": ("triangle", "180"),
    "disc": ("circle", "0"),
    "ring": ("circle", "0"),
    "shrub": ("circle", "0"),
    "trunk": ("circle", "0"),
    "cross": ("cross", "0"),
}
"""QGIS's own marker and its angle for each symbol of the booklet."""


def qml(spec: LayerSpec, names: Mapping[str, str] | None = None) -> str:
    """
    Return the style of a layer.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    names : mapping of str to str or None
        What each column is called in the file, where it is not called by its own name.

    Returns
    -------
    str
        A QML document for QGIS 3.22 and later.
    """
    called = names or {column.name: column.name for column in spec.columns}
    style = layer_styles()[spec.name]
    root = Element("qgis", version=_VERSION, styleCategories="Symbology|Labeling|Fields|Forms")
    _fields(root, spec.columns, called)
    _renderer(root, spec, style, called)
    if style.label_column:
        _labels(root, called[style.label_column], spec.geometry)
    return _HEAD + ET.tostring(root, encoding="unicode")


def _fields(root: Element, columns: Sequence[Column], called: Mapping[str, str]) -> None:
    """Write aliases and, for columns with codes, the labels that the form offers."""
    settings = SubElement(root, "fieldConfiguration")
    aliases = SubElement(root, "aliases")
    for place, column in enumerate(columns, start=1):
        unit = f"（{column.unit}）" if column.unit else ""
        alias = {"field": called[column.name], "index": str(place)}
        SubElement(aliases, "alias", {**alias, "name": f"{column.label_zh}{unit}"})
        if column.codes:
            field = SubElement(settings, "field", name=called[column.name])
            widget = SubElement(field, "editWidget", type="ValueMap")
            _value_map(SubElement(widget, "config"), column.codes)


def _value_map(config: Element, codes: Mapping[str, Text]) -> None:
    outer = SubElement(config, "Option", type="Map")
    listed = SubElement(outer, "Option", type="List", name="map")
    for code, label in codes.items():
        pair = SubElement(listed, "Option", type="Map")
        SubElement(pair, "Option", type="QString", name=label.zh, value=code)


def _renderer(root: Element, spec: LayerSpec, style: LayerStyle, called: Mapping[str, str]) -> None:
    """Write one symbol for all features, or one for each code of the column that divides them."""
    kind = _KIND[spec.geometry]
    themes = [theme for theme in style.themes if theme.scope != "around"]
    by = next(iter(themes[0].where), "")
    codes = spec.column(by).codes if by else None
    if codes is None:
        renderer = SubElement(root, "renderer-v2", type="singleSymbol")
        _symbol(SubElement(renderer, "symbols"), "0", kind, themes[-1])
        return
    renderer = SubElement(root, "renderer-v2", type="categorizedSymbol", attr=called[by])
    categories = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    entries = [(code, label.zh, _theme_of(themes, by, code)) for code, label in codes.items()]
    entries.append(("", _UNSET, _unset(themes[0])))
    for place, (code, label, theme) in enumerate(entries):
        category = {"value": code, "symbol": str(place), "label": label, "render": "true"}
        SubElement(categories, "category", {**category, "type": "string"})
        _symbol(symbols, str(place), kind, theme)


def _theme_of(themes: Sequence[Theme], column: str, code: str) -> Theme:
    """Return the theme of a code; where several share it, the one for rows that say no more."""
    own = [theme for theme in themes if code in theme.where[column]]
    plain = [t for t in own if all("" in v for c, v in t.where.items() if c != column)]
    return next(iter([*plain, *own]), _unset(themes[0]))


def _unset(theme: Theme) -> Theme:
    """Return `theme` in grey and without its letter: for rows without a code."""
    ink = theme.ink
    grey = replace(ink, stroke=ink.stroke and _GREY, fill=ink.fill and _GREY)
    return replace(theme, ink=grey, mark="")


def _symbol(parent: Element, name: str, kind: str, theme: Theme) -> None:
    symbol = SubElement(parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1")
    _symbol_layer(symbol, _CLASS[kind], _PROPERTIES[kind](theme))
    if kind == "fill" and theme.ink.hatch:
        _symbol_layer(symbol, "SimpleFill", _hatching(theme.ink.hatch))
    if kind == "marker" and theme.mark:
        _symbol_layer(symbol, "FontMarker", _letter(theme))


def _symbol_layer(symbol: Element, kind: str, properties: Mapping[str, str]) -> None:
    layer = SubElement(symbol, "layer", {"class": kind, "enabled": "1", "pass": "0"})
    options = SubElement(layer, "Option", type="Map")
    for key, value in properties.items():
        SubElement(options, "Option", type="QString", name=key, value=value)


def _marker(theme: Theme) -> dict[str, str]:
    shape, angle = _MARKER[theme.symbol]
    stroke = _WHITE if theme.symbol == "plate" else theme.ink.stroke
    return {
        "name": shape,
        "angle": angle,
        "color": _colour(theme.ink.fill or _WHITE),
        "outline_color": _colour(stroke or _WHITE),
        "outline_width": str(theme.ink.width),
        "outline_width_unit": "MM",
        "size": str(theme.size),
        "size_unit": "MM",
    }


def _letter(theme: Theme) -> dict[str, str]:
    return {
        "font": _FONT,
        "chr": theme.mark,
        "color": _colour(_WHITE),
        "size": f"{theme.size * _LETTER_SHARE:.2f}",
        "size_unit": "MM",
    }


def _line(theme: Theme) -> dict[str, str]:
    return {
        "line_color": _colour(theme.ink.stroke or _GREY),
        "line_width": str(theme.ink.width),
        "line_width_unit": "MM",
        "line_style": "solid",
        **_dashes(theme.ink.dash),
    }


def _fill(theme: Theme) -> dict[str, str]:
    ink = theme.ink
    return {
        "color": _colour(ink.fill or _WHITE),
        "style": "solid" if ink.fill else "no",
        "outline_color": _colour(ink.stroke or _GREY),
        "outline_width": str(ink.width),
        "outline_width_unit": "MM",
        "outline_style": "dash" if ink.dash else "solid",
    }


def _dashes(dash: tuple[float, ...]) -> dict[str, str]:
    """Return the dash pattern of a line."""
    if not dash:
        return {}
    pattern = ";".join(map(str, dash))
    return {"use_custom_dash": "1", "customdash": pattern, "customdash_unit": "MM"}


def _hatching(hatch: Hatch) -> dict[str, str]:
    return {"color": _colour(hatch.stroke), "style": "b_diagonal", "outline_style": "no"}


_PROPERTIES = {"marker": _marker, "line": _line, "fill": _fill}


def _colour(colour: RGB) -> str:
    return ",".join(map(str, (*colour, _OPAQUE)))


def _labels(root: Element, field: str, geometry: str) -> None:
    """Write the name over each feature, or beside a point, black on a white halo."""
    labeling = SubElement(root, "labeling", type="simple")
    settings = SubElement(labeling, "settings", calloutType="simple")
    font = {"fontFamily": _FONT, "fontSize": "9", "fontSizeUnit": "Point"}
    text = {**font, "fieldName": field, "textColor": "20,20,20,255"}
    style = SubElement(settings, "text-style", text)
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM"}
    SubElement(style, "text-buffer", {**halo, "bufferColor": "255,255,255,255"})
    where = {"placement": "0", "dist": "1.5"} if geometry == "Point" else {"placement": "1"}
    SubElement(settings, "placement", {**where, "distUnits": "MM", "layerType": geometry})
    SubElement(settings, "rendering", displayAll="0", obstacle="0", drawLabels="1")
