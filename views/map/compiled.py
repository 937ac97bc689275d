"""
The layers of a district as ES modules, compiled by folium: one a layer, made when it is asked for.

folium draws with data only in numbers (`views.map.neutral`), its second template pass is left out
(branca would execute data that looks like a template), its random element ids are replaced so that
equal content gives equal bytes, and nothing it would load from elsewhere gets through.
"""

from collections.abc import Iterator
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import orjson
from branca.element import Element
from folium.utilities import JsCode
from numpy.typing import NDArray

import layers
from geo.geojson import display_geometries
from layers.district import District
from layers.spec import Provenance
from layers.style import LayerStyle, layer_styles
from views.map.neutral import script_json, string_table

BASE = "base"
"""Name of the module of the map itself, without a layer."""

ELEMENT_ID = "gap-map-canvas"
_TEXTS = {"towns": ("town_id", "name"), "estates": ("estate_id", "town_id", "name")}
_POINTED_AT = ("kind", "name")


class OfflineMap(folium.Map):
    """A folium map that asks for nothing from anywhere."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  folium's own declaration
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


def drawn_layers(district: District) -> tuple[str, ...]:
    """Return every layer that has a look and rows, and the estates, from the ground up."""
    return tuple(
        name
        for name in layer_styles()
        if name == "estates" or (name in district.frames and len(drawn_rows(district, name)))
    )


def compile_base() -> bytes:
    """Return the ES module of the map itself: ``build(L)`` returns it, without a layer."""
    base = OfflineMap(
        location=[0, 0],
        tiles=None,
        prefer_canvas=True,
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=90,
        min_zoom=8,
        max_zoom=20,
        attribution_control=False,
    )
    for number, element in enumerate(_walk(base)):
        element._id = str(number)  # noqa: SLF001
    name = base.get_name()
    script = _script(base).replace(f'"{name}"', f'"{ELEMENT_ID}"', 1)
    return _module("L", script, name)


def compile_layer(district: District, name: str) -> bytes:
    """
    Return the ES module of a layer.

    Equal content gives equal bytes. Features know their row alone; everything else is in columns.

    Parameters
    ----------
    district : District
        Whose layer.
    name : str
        One of `drawn_layers`.

    Returns
    -------
    bytes
        ``strings``; ``columns``, by name a number for each row, of ``theme`` its place in the
        layer's style, of the others their place in ``strings``; ``build(L, ui)``, which returns
        the Leaflet layer styled by ``ui.style``, ``ui.point`` and, for a layer that the pointer
        names, ``ui.each``.
    """
    style, frame = layer_styles()[name], drawn_rows(district, name)
    texts = {column: frame[column] for column in _text_columns(style)}
    strings, indexes = string_table({name: texts} if texts else {})
    columns = indexes.get(name, {}) | {"theme": _themes(district, name, frame).tolist()}
    shape = _feature_layer(frame, style)
    shape._id = name  # noqa: SLF001
    head = [
        f"export const strings = {script_json(strings)};",
        f"export const columns = {orjson.dumps(columns).decode()};",
    ]
    return _module("L, ui", _script(shape), shape.get_name(), head)


def _module(arguments: str, script: str, result: str, head: list[str] | None = None) -> bytes:
    """Return the module whose ``build`` runs `script` and returns one of its variables."""
    body = [f"export function build({arguments}) {{", script, f"return {result};", "}", ""]
    return "\n".join([*(head or []), *body]).encode()


def _text_columns(style: LayerStyle) -> tuple[str, ...]:
    """Return the columns the client needs as text: its key, and the tooltip."""
    if style.layer in _TEXTS:
        return _TEXTS[style.layer]
    own = {column.name for column in layers.ALL[style.layer].columns}
    return tuple(name for name in _POINTED_AT if style.hovers and name in own)


def themes_that_occur(district: District, name: str) -> NDArray[np.intp]:
    """Return the places of the themes that rows of a layer have, ascending."""
    return np.unique(_themes(district, name, drawn_rows(district, name)))


def _themes(district: District, name: str, frame: gpd.GeoDataFrame) -> NDArray[np.intp]:
    style = layer_styles()[name]
    if "estate_id" not in frame:
        return style.theme_of_rows(frame)
    in_estate = frame["estate_id"].isin(district["estates"]["estate_id"]).to_numpy()
    return style.theme_of_rows(frame, in_estate)


def drawn_rows(district: District, name: str) -> gpd.GeoDataFrame:
    """
    Return the rows of a layer that are drawn, in the order in which the client numbers them.

    A building that is its own estate, and an inferred entrance, repeat what is drawn anyway.
    """
    frame = district[name]
    if name == "entrances":
        return frame[frame["provenance"] != Provenance.INFERRED]
    if name == "buildings":
        known = frame["estate_id"].isin(district["estates"]["estate_id"])
        return frame[~(known & (frame["estate_id"] == frame["building_id"]))]
    return frame


def _feature_layer(frame: gpd.GeoDataFrame, style: LayerStyle) -> folium.GeoJson:
    """Return the layer with row numbers as its only properties."""
    geometries = display_geometries(frame.geometry, style.layer)
    features: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"r": row}, "geometry": geometry}
        for row, geometry in enumerate(geometries)
    ]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        smooth_factor=0.6,
        interactive=style.hovers,
        style=JsCode("ui.style"),
        point_to_layer=JsCode("ui.point"),
        on_each_feature=JsCode("ui.each") if style.hovers else None,
    )


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001
        yield from _walk(child)


def _script(element: Element) -> str:
    """Render an element's own script macro, once: what it prints is never compiled again."""
    template = element._template  # noqa: SLF001
    template.environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    macro = vars(template.module)["script"]
    return str(macro(element, {}))
