"""
A district's layers as one ES module, compiled by folium once for each content version.

folium draws with data only in numbers (`views.map.neutral`), its second template pass is left out
(branca would execute data that looks like a template), its random element ids are numbered in order
so that equal content gives equal bytes, and nothing it would load from elsewhere gets through.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import folium
import geopandas as gpd
import orjson
from branca.element import Element
from folium.utilities import JsCode

from geo.geojson import display_geometries
from layers.district import District
from layers.spec import Provenance
from views.map.neutral import script_json, string_table

DRAWN: Mapping[str, tuple[str, tuple[str, ...], bool]] = {
    "towns": ("towns", ("town_id", "name"), False),
    "green_space": ("green_space", (), False),
    "walkways": ("walkways", (), False),
    "estates": ("estates", ("estate_id", "name", "town_id"), True),
    "infill": ("buildings", (), False),
    "buildings": ("buildings", (), False),
    "pipelines": ("pipelines", ("kind",), False),
    "trees": ("trees", (), False),
    "entrances": ("entrances", (), False),
    "parking": ("parking", ("kind", "name"), True),
    "facilities": ("facilities", ("kind", "name"), True),
}
"""Drawing order: name on the map, layer, text columns it needs, whether it answers the pointer."""

ELEMENT_ID = "gap-map-canvas"


class OfflineMap(folium.Map):
    """A folium map that asks for nothing from anywhere."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  folium's own declaration
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


def compile_map(district: District) -> bytes:
    """
    Return the ES module that draws `district`: `strings`, `attributes` and `build(L, ui)`.

    Equal content gives equal bytes, so the module can be served under its own digest for ever.
    """
    frames = {name: _rows(district, name) for name in DRAWN}
    drawn = {name: frame for name, frame in frames.items() if len(frame) or name == "estates"}
    texts = {
        name: {column: frame[column] for column in DRAWN[name][1]} for name, frame in drawn.items()
    }
    strings, indexes = string_table({name: columns for name, columns in texts.items() if columns})
    script, variables = _folium_script(drawn)
    layers = ", ".join(f"{name}: {variable}" for name, variable in variables.items())
    return "\n".join(
        [
            f"export const strings = {script_json(strings)};",
            f"export const attributes = {orjson.dumps(indexes).decode()};",
            "export function build(L, ui) {",
            script,
            f"return {{ map: {variables_map(script)}, layers: {{ {layers} }} }};",
            "}",
            "",
        ]
    ).encode()


def variables_map(script: str) -> str:
    """Return the name folium gave the map."""
    return script.split("L.map(", 1)[0].rsplit("var", 1)[1].split("=", 1)[0].strip()


def _rows(district: District, name: str) -> gpd.GeoDataFrame:
    """
    Return the rows drawn under `name`.

    Buildings stand apart from the blocks around estates; what only repeats an estate (a building
    that is one, an entrance inferred from it) is not drawn again.
    """
    frame = district[DRAWN[name][0]]
    if name == "entrances":
        return frame[frame["provenance"] != Provenance.INFERRED]
    if DRAWN[name][0] != "buildings":
        return frame
    inside = frame["estate_id"].isin(district["estates"]["estate_id"])
    itself = frame["estate_id"] == frame["building_id"]
    return frame[inside & ~itself if name == "buildings" else ~inside]


def _folium_script(drawn: Mapping[str, gpd.GeoDataFrame]) -> tuple[str, dict[str, str]]:
    """Compile all layers; return the script and each layer's variable."""
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
    shapes = {name: _feature_layer(name, frame) for name, frame in drawn.items()}
    for number, element in enumerate(_walk(base)):
        element._id = str(number)  # noqa: SLF001
    for number, (name, shape) in enumerate(shapes.items()):
        shape._id = f"{name}_{number}"  # noqa: SLF001
    parts = [_script(base), *(_script(shape) for shape in shapes.values())]
    text = "\n".join(parts).replace(f'"{base.get_name()}"', f'"{ELEMENT_ID}"', 1)
    return text, {name: shape.get_name() for name, shape in shapes.items()}


def _feature_layer(name: str, frame: gpd.GeoDataFrame) -> folium.GeoJson:
    """Return the layer with row numbers as its only properties."""
    answers = DRAWN[name][2]
    geometries = display_geometries(frame.geometry, name)
    features: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"r": row}, "geometry": geometry}
        for row, geometry in enumerate(geometries)
    ]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        smooth_factor=0.6,
        interactive=answers,
        style=JsCode(f"ui.style('{name}')"),
        point_to_layer=JsCode(f"ui.point('{name}')"),
        on_each_feature=JsCode(f"ui.each('{name}')") if answers else None,
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
