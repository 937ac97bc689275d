"""The compiled map: data in numbers, one template pass, equal bytes for equal content."""

import json
import re

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from layers.district import District
from views.map.compiled import compile_map
from views.map.component import Pick
from views.map.published import Shelf
from views.map.vendored import STATIC, vendored

HOSTILE = "{{ 7*7 }}{% raw %}${1}</script><img src=x onerror=1>"


def district(name: str = "一号院") -> District:
    """Return one estate on one street."""
    facts = {"provenance": ["synthetic"], "source": ["s"], "source_date": ["2026-01-01"]}
    estate = {"estate_id": ["E1"], "name": [name], **facts}
    square = shapely.box(597_000, 4_209_000, 597_060, 4_209_050)
    frame = gpd.GeoDataFrame(estate, geometry=[square], crs="EPSG:4544")
    return District.from_frames({"estates": frame}, crs=CRS.from_epsg(4544), name="试验区")


def test_equal_content_gives_equal_bytes() -> None:
    assert compile_map(district()) == compile_map(district())


def test_a_name_is_never_part_of_the_script() -> None:
    script = compile_map(district(HOSTILE)).decode()
    for mark in ("{{", "{%", "</script", "<img", "${"):
        assert mark not in script
    strings = json.loads(re.search(r"strings = (\[.*\]);", script).group(1))  # type: ignore[union-attr]
    assert HOSTILE in strings


def test_the_script_names_no_address() -> None:
    assert "http" not in compile_map(district()).decode()


def test_coordinates_are_longitude_and_latitude_to_a_decimetre() -> None:
    script = compile_map(district()).decode()
    ring = json.loads(re.search(r'"coordinates": ?(\[\[\[.*?\]\]\])', script).group(1))[0]  # type: ignore[union-attr]
    # By hand with PROJ's cs2cs, EPSG:4544 -> 4490: 597000 4209000 = 106.1048.. E, 38.0118.. N.
    assert all(105.9 < x < 106.3 and 37.9 < y < 38.1 for x, y in ring)
    assert all(len(str(x).split(".")[1]) <= 6 for pair in ring for x in pair)


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


def test_a_shelf_serves_only_what_was_put_on_it_and_lets_the_oldest_go() -> None:
    shelf = Shelf(kept=2)
    first, second, third = (shelf.publish(body, "js") for body in (b"a", b"b", b"c"))
    pinned = shelf.publish(b"p", "js", pinned=True)
    names = [address.removeprefix("/geo/") for address in (first, second, third, pinned)]
    assert [shelf.find(name) is not None for name in names] == [False, True, True, True]
    assert shelf.find("../app.py") is None
    assert shelf.publish(b"b", "js") == second


def test_a_sheaf_makes_its_pages_when_asked_and_its_name_cannot_be_guessed() -> None:
    shelf = Shelf(sheaves_kept=1)
    asked = []

    def make(number: int) -> bytes | None:
        asked.append(number)
        return b"%d" % number if number < 3 else None

    address = shelf.bind("key", make)
    name = address.removeprefix("/geo/").rstrip("/")
    assert asked == []
    assert (shelf.page(name, 2), shelf.page(name, 3)) == (b"2", None)
    assert shelf.bind("key", make) == address
    assert shelf.page("key", 0) is None
    assert Shelf().bind("key", make) != address
    shelf.bind("other", make)
    assert shelf.page(name, 2) is None  # gave way


@pytest.mark.parametrize(
    "said",
    [None, 3, "E1", [], {}, {"estate": "E1"}, {"estate": 1, "rule": "", "turn": 1},
     {"estate": "E1", "rule": "", "turn": float("inf")},
     {"estate": "E1", "rule": "", "turn": "1"}, {"estate": "E1", "rule": None, "turn": 1}],
)  # fmt: skip
def test_what_has_not_the_form_of_a_pick_is_none(said: object) -> None:
    assert Pick.from_browser(said) is None


def test_a_pick_is_taken_as_it_was_said() -> None:
    assert Pick.from_browser({"estate": "E1", "rule": "r", "turn": 2}) == Pick("E1", "r", 2)
