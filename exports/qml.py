"""
QML: how QGIS draws a layer, calls its columns and offers its codes, from the LayerSpec.

Aliases and code labels are Chinese; colours stand in styles.toml. Nothing of the data goes in.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from layers.spec import Column, LayerSpec

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VERSION = "3.22.0"
_OPAQUE = 255
_KIND = {"Point": "marker", "LineString": "line", "Polygon": "fill"}
_CLASS = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}
_UNSET = "未填"


@cache
def _styles() -> dict[str, Any]:
    with Path(__file__).with_name("styles.toml").open("rb") as stream:
        return tomllib.load(stream)


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
    style = _styles()["layers"].get(spec.name, {})
    root = Element("qgis", version=_VERSION, styleCategories="Symbology|Labeling|Fields|Forms")
    _fields(root, spec.columns, called)
    _renderer(root, spec, style, called)
    if "label" in style:
        _labels(root, called[style["label"]], spec.geometry)
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


def _value_map(config: Element, codes: Mapping[str, tuple[str, str]]) -> None:
    outer = SubElement(config, "Option", type="Map")
    listed = SubElement(outer, "Option", type="List", name="map")
    for code, (label, _) in codes.items():
        pair = SubElement(listed, "Option", type="Map")
        SubElement(pair, "Option", type="QString", name=label, value=code)


def _renderer(
    root: Element, spec: LayerSpec, style: Mapping[str, Any], called: Mapping[str, str]
) -> None:
    kind = _KIND[spec.geometry]
    by = style.get("by")
    if by is None:
        renderer = SubElement(root, "renderer-v2", type="singleSymbol")
        _symbol(SubElement(renderer, "symbols"), "0", kind, style)
        return
    renderer = SubElement(root, "renderer-v2", type="categorizedSymbol", attr=called[by])
    categories = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    codes = spec.column(by).codes or {}
    grey = _styles()["unknown"]
    entries = [
        (code, label, _look(style, at, code)) for at, (code, (label, _)) in enumerate(codes.items())
    ]
    entries.append(("", _UNSET, {"fill": grey, "outline": grey}))
    for place, (code, label, look) in enumerate(entries):
        category = {"value": code, "symbol": str(place), "label": label, "render": "true"}
        SubElement(categories, "category", {**category, "type": "string"})
        _symbol(symbols, str(place), kind, {**style, **look})


def _look(style: Mapping[str, Any], place: int, code: str) -> dict[str, Any]:
    """Return colour and shape of a code: its own, else the palette's in turn."""
    palette, shapes = _styles()["palette"], _styles()["shapes"]
    colour = style.get("colours", {}).get(code, palette[place % len(palette)])
    return {"fill": colour, "outline": colour, "shape": shapes[place % len(shapes)]}


def _symbol(parent: Element, name: str, kind: str, style: Mapping[str, Any]) -> None:
    symbol = SubElement(parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1")
    layer = SubElement(symbol, "layer", {"class": _CLASS[kind], "enabled": "1", "pass": "0"})
    options = SubElement(layer, "Option", type="Map")
    for key, value in _PROPERTIES[kind](style).items():
        SubElement(options, "Option", type="QString", name=key, value=value)


def _marker(style: Mapping[str, Any]) -> dict[str, str]:
    return {
        "name": style.get("shape", "circle"),
        "color": _colour(style["fill"]),
        "outline_color": _colour([255, 255, 255]),
        "outline_width": "0.2",
        "outline_width_unit": "MM",
        "size": str(style["size"]),
        "size_unit": "MM",
    }


def _line(style: Mapping[str, Any]) -> dict[str, str]:
    return {
        "line_color": _colour(style["outline"]),
        "line_width": str(style["width"]),
        "line_width_unit": "MM",
        "line_style": style.get("dash", "solid"),
    }


def _fill(style: Mapping[str, Any]) -> dict[str, str]:
    return {
        "color": _colour(style.get("fill", [255, 255, 255])),
        "style": "solid" if "fill" in style else "no",
        "outline_color": _colour(style["outline"]),
        "outline_width": str(style["width"]),
        "outline_width_unit": "MM",
        "outline_style": style.get("dash", "solid"),
    }


_PROPERTIES = {"marker": _marker, "line": _line, "fill": _fill}


def _colour(parts: Sequence[int]) -> str:
    return ",".join(map(str, (*parts, _OPAQUE)))


def _labels(root: Element, field: str, geometry: str) -> None:
    """Write the name over each feature, or beside a point, black on a white halo."""
    labeling = SubElement(root, "labeling", type="simple")
    settings = SubElement(labeling, "settings", calloutType="simple")
    font = {"fontFamily": "Noto Sans CJK SC", "fontSize": "9", "fontSizeUnit": "Point"}
    text = {**font, "fieldName": field, "textColor": "20,20,20,255"}
    style = SubElement(settings, "text-style", text)
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM"}
    SubElement(style, "text-buffer", {**halo, "bufferColor": "255,255,255,255"})
    where = {"placement": "0", "dist": "1.5"} if geometry == "Point" else {"placement": "1"}
    SubElement(settings, "placement", {**where, "distUnits": "MM", "layerType": geometry})
    SubElement(settings, "rendering", displayAll="0", obstacle="0", drawLabels="1")
