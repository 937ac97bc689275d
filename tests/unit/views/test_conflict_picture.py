"""The map of what does not pass: every dot and figure is the table's."""

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest

import answer_key
from greening.review import Review, review
from greening.species import read_species
from rules.book import load_book
from views.conflict_picture import conflict_picture
from views.site_picture import COLOURS

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def town() -> Review:
    known = answer_key.build("tiny").district
    hostile = known["estates"].assign(name=["<script>&", "建行南苑"])
    district = known.with_frames(estates=hostile)
    return review(district, load_book(), read_species(), date(2023, 4, 1))


def test_dots_and_figures_of_the_map_are_those_of_the_table(town: Review) -> None:
    drawn = ET.fromstring(conflict_picture(town))  # noqa: S314 - our own
    table = town.by_estate
    fills = [one.get("fill") for one in drawn.iter(f"{_SVG}circle")]
    for verdict in ("short", "verify"):
        assert fills.count(COLOURS[verdict]) == table[verdict].sum() > 0  # type: ignore[index]
    texts = [str(one.text) for one in drawn.iter(f"{_SVG}text")]
    said = {text for text in texts if re.search(r" \d+/\d+$", text)}
    rows = table[table["short"] + table["verify"] > 0].to_dict("records")
    assert said == {f"{row['estate']} {row['short']}/{row['verify']}" for row in rows}
    assert not any("script" in one.tag for one in drawn.iter())


def test_a_town_shows_the_figures_of_its_estates_alone(town: Review) -> None:
    name = town.by_estate["town"].iloc[0]
    own = town.by_estate[town.by_estate["town"] == name]
    drawn = conflict_picture(town, name)
    assert drawn.count(">建行南苑 ") == int((own["estate"] == "建行南苑").any())
    assert "NaN" not in drawn.replace("nan", "NaN")
