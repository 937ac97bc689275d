"""The picture of a site: well-formed, complete, and nothing of the data taken for markup."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest
import shapely

from greening.review import Review, review
from greening.species import read_species
from rules.book import load_book
from tests.unit.greening.scene import HOUSE, bed, district, gas, tree
from views.site_picture import site_picture

HOSTILE = "</text><script>alert(1)</script>&\"'{{7*7}}"
SVG = "{http://www.w3.org/2000/svg}"


def shown(finding_id: str = "", **layers: list[dict]) -> tuple[ET.Element, Review]:
    given = {
        "pipelines": [gas()],
        "buildings": [HOUSE],
        "greening_sites": [bed()],
        "poles": [{"pole_id": "p", "kind": "lamp", "geometry": shapely.Point(18, 4)}],
        "plantings": [
            tree("a", 5, 0.5, number=HOSTILE),
            tree("b", 9, 4, number="2", design_east_m=520_009.0, design_north_m=4_200_001.0),
            tree("c", 10, 9.8, number="3\x01"),
        ],
    }
    found = review(district(**(given | layers)), load_book(), read_species(), date(2023, 4, 1))
    return ET.fromstring(site_picture(found, "bed", finding_id)), found  # noqa: S314 - our own


def test_every_planting_is_drawn_and_no_text_is_markup() -> None:
    picture, _ = shown()
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert HOSTILE in texts
    assert {"2", "3\ufffd", "5 m", "N"} <= set(texts)
    assert {element.tag for element in picture.iter()} == {
        f"{SVG}{name}" for name in ("svg", "rect", "path", "line", "circle", "text")
    }


def test_a_finding_looked_at_shows_its_distance_and_what_is_required() -> None:
    picture, found = shown("plantings/a/pipelines/gas")
    pair = found.found.pairs.set_index("finding_id").loc["plantings/a/pipelines/gas"]
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert f"{pair['distance_m']:.3f} m (1.20 m)" in texts


@pytest.mark.slow
def test_a_finding_of_nowhere_shows_the_whole_site() -> None:
    assert ET.tostring(shown("nobody/nothing/nowhere")[0]) == ET.tostring(shown()[0])
