"""The compiled layers: data in numbers, one template pass, equal bytes for equal content."""

import json
import re

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from layers.district import District
from layers.style import layer_styles
from tests.tiny_town import CRS_4544, frame, line, point, square
from views.map.compiled import compile_base, compile_layer, drawn_layers
from views.map.component import Pick
from views.map.looks import look, map_legend, on_dark_ground
from views.map.vendored import STATIC, vendored

HOSTILE = "{{ 7*7 }}{% raw %}${1}</script><img src=x onerror=1>"


def district(name: str = "一号院") -> District:
    """Return one estate on one street."""
    facts = {"provenance": ["synthetic"], "source": ["s"], "source_date": ["2026-01-01"]}
    estate = {"estate_id": ["E1"], "name": [name], **facts}
    square = shapely.box(597_000, 4_209_000, 597_060, 4_209_050)
    frame = gpd.GeoDataFrame(estate, geometry=[square], crs="EPSG:4544")
    return District.from_frames({"estates": frame}, crs=CRS.from_epsg(4544), name="试验区")


def estates_module(name: str = "一号院") -> str:
    return compile_layer(district(name), "estates").decode()


def test_equal_content_gives_equal_bytes() -> None:
    assert estates_module() == estates_module()
    assert compile_base() == compile_base()


def test_a_name_is_never_part_of_the_script() -> None:
    script = estates_module(HOSTILE)
    for mark in ("{{", "{%", "</script", "<img", "${"):
        assert mark not in script
    strings = json.loads(re.search(r"strings = (\[.*\]);", script).group(1))  # type: ignore[union-attr]
    assert HOSTILE in strings


def test_no_module_names_an_address() -> None:
    assert "http" not in estates_module() + compile_base().decode()


def test_coordinates_are_longitude_and_latitude_to_a_decimetre() -> None:
    script = estates_module()
    ring = json.loads(re.search(r'"coordinates": ?(\[\[\[.*?\]\]\])', script).group(1))[0]  # type: ignore[union-attr]
    # By hand with PROJ's cs2cs, EPSG:4544 -> 4490: 597000 4209000 = 106.1048.. E, 38.0118.. N.
    assert all(105.9 < x < 106.3 and 37.9 < y < 38.1 for x, y in ring)
    assert all(len(str(x).split(".")[1]) <= 6 for pair in ring for x in pair)


def street() -> District:
    """Return an estate with a gate of its own and an inferred one, pipes and two buildings."""
    estate = {"estate_id": "E1", "name": "A", "geometry": square(0, 0, 50, 50)}
    gates = [
        {"entrance_id": "N1", "estate_id": "E1", "state": "closed", "geometry": point(0, 10)},
        {"entrance_id": "N2", "estate_id": "E1", "geometry": point(0, 20)}
        | {"provenance": "inferred"},
    ]
    pipes = [
        {"pipe_id": "P1", "kind": "RQ", "geometry": line((0, 0), (9, 0))},
        {"pipe_id": "P2", "kind": "JS", "geometry": line((0, 5), (9, 5))},
    ]
    buildings = [
        {"building_id": "B1", "estate_id": "E1", "geometry": square(5, 5, 10, 10)},
        {"building_id": "B2", "geometry": square(80, 5, 10, 10)},
    ]
    frames = {
        "estates": frame("estates", [estate]),
        "entrances": frame("entrances", gates),
        "pipelines": frame("pipelines", pipes),
        "buildings": frame("buildings", buildings),
    }
    return District.from_frames(frames, crs=CRS_4544, name="试验区")


def columns_of(layer: str) -> dict[str, list[int]]:
    script = compile_layer(street(), layer).decode()
    found = re.search(r"columns = (\{.*\});", script)
    columns: dict[str, list[int]] = json.loads(found.group(1))  # type: ignore[union-attr]
    return columns


def test_layers_with_rows_are_drawn_from_the_ground_up() -> None:
    assert drawn_layers(street()) == ("estates", "buildings", "pipelines", "entrances")


def test_each_row_knows_its_theme_and_what_is_inferred_is_not_drawn() -> None:
    keys = {name: [theme.key for theme in style.themes] for name, style in layer_styles().items()}
    themes = {name: columns_of(name)["theme"] for name in drawn_layers(street())}
    assert [keys["pipelines"][place] for place in themes["pipelines"]] == ["pipe.RQ", "pipe.JS"]
    assert [keys["entrances"][place] for place in themes["entrances"]] == ["gate_closed"]
    assert [keys["buildings"][p] for p in themes["buildings"]] == ["building", "building_around"]


def test_only_what_the_pointer_names_brings_its_names() -> None:
    assert set(columns_of("pipelines")) == {"theme"}
    assert set(columns_of("estates")) == {"theme", "estate_id", "town_id", "name"}


def test_the_legend_lists_the_layers_and_says_which_looks_occur() -> None:
    legend = {layer["name"]: layer for layer in map_legend(street(), "zh")}
    assert list(legend) == list(drawn_layers(street()))
    assert (legend["estates"]["scale"], legend["pipelines"]["opens"]) == (None, False)
    occurring = [one["label"] for one in legend["pipelines"]["looks"] if one["occurs"]]
    assert occurring == ["给水 JS", "燃气 RQ"]


def test_a_pipe_has_on_the_screen_the_colour_it_is_printed_in() -> None:
    (gas,) = [t for t in layer_styles()["pipelines"].themes if t.key == "pipe.RQ"]
    shown = look(gas, "en")
    assert shown["light"] == {"stroke": "#c800a0", "fill": ""}  # 200 0 160
    assert shown["dash"] == [20, 4, 4, 4, 4, 4]
    assert shown["radius"] is None


def test_a_colour_is_turned_for_a_dark_ground() -> None:
    # By hand: grey keeps its hue and turns its lightness; pure red has a lightness of one half.
    assert on_dark_ground((51, 51, 51)) == (204, 204, 204)
    assert on_dark_ground((255, 0, 0)) == (255, 0, 0)
    assert on_dark_ground(None) is None


def test_every_vendored_file_is_what_its_manifest_says_and_has_its_licence() -> None:
    manifest = json.loads((STATIC / "vendor" / "manifest.json").read_bytes())
    listed = {file["path"] for pack in manifest for file in pack["files"]}
    found = {
        path.relative_to(STATIC / "vendor").as_posix()
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert listed == found
    for name in sorted(listed):
        assert vendored(name)
    for pack in manifest:
        assert {"name", "version", "licence"} <= pack.keys()
        assert any(file["path"].endswith("LICENSE") for file in pack["files"])


def test_what_the_manifest_does_not_list_is_refused() -> None:
    with pytest.raises(Exception, match="manifest"):
        vendored("../map.js")


@pytest.mark.parametrize(
    "message",
    [None, 3, "E1", [], {}, {"estate": "E1"},
     {"estate": 1, "rule": "", "show": "", "request_id": 1},
     {"estate": "E1", "rule": "", "show": "", "request_id": float("inf")},
     {"estate": "E1", "rule": "", "show": "", "request_id": "1"},
     {"estate": "E1", "rule": "", "show": [], "request_id": 1},
     {"estate": "E1", "rule": None, "show": "", "request_id": 1}],
)  # fmt: skip
def test_what_has_not_the_form_of_a_pick_is_none(message: object) -> None:
    assert Pick.from_browser(message) is None


def test_a_pick_is_taken_as_it_was_sent() -> None:
    assert Pick.from_browser(
        {"estate": "E1", "rule": "r", "show": "parking", "request_id": 2}
    ) == Pick("E1", "r", "parking", 2)
