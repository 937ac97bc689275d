"""The card of a feature says what is known of its row, and nothing of a row that is not there."""

import pytest

from layers.candidate_sites import kinds_named
from tests.tiny_town import facility, point, tiny_town
from views.map.cards import feature_card

HOSTILE = "<b>{{ 7*7 }}</b>"
TOWN = tiny_town(
    facilities=[
        facility("K", "kindergarten", 200, -10, name=HOSTILE, estate_id="A", in_basement=False),
        facility("P", "park", 0, 0, floor_area_m2=1234.5),
    ],
    entrances=[
        {"entrance_id": "G0", "estate_id": "A", "provenance": "inferred", "geometry": point(0, 0)},
        {"entrance_id": "G1", "estate_id": "A", "state": "open", "geometry": point(0, 50)},
    ],
)


def test_a_card_has_the_labels_codes_units_and_estates_that_people_know():
    card = feature_card(TOWN, "facilities.0", "zh")
    assert (card["title"], card["name"]) == ("设施", HOSTILE)
    facts = dict(card["facts"])
    assert facts["设施类型"] == "幼儿园"
    assert facts["所属小区"] == "甲"
    assert facts["位于地下"] == "否"
    assert "建筑面积" not in facts  # nobody knows it


def test_a_number_has_its_unit_and_a_feature_without_a_name_its_key():
    card = feature_card(TOWN, "facilities.1", "en")
    assert card["name"] == "P"
    assert dict(card["facts"])["floor area"] == "1,234.5 m²"


def test_the_card_of_a_candidate_site_names_its_kinds_in_the_readers_language():
    site = {"candidate_id": "C", "kinds": "elder_station，park, <b>", "geometry": point(0, 0)}
    town = tiny_town(candidate_sites=[site])
    for language, kinds in (
        ("zh", "养老服务站、公园、<b>"),
        ("en", "elder service station, park, <b>"),
    ):
        assert kinds in dict(feature_card(town, "candidate_sites.0", language)["facts"]).values()


@pytest.mark.parametrize(
    "cell", ["elder service station; park", "养老服务站 park", "elder_station、公园"]
)
def test_kinds_are_named_by_code_or_label_also_by_one_of_several_words(cell: str):
    assert list(kinds_named(cell).values()) == ["elder_station", "park"]


def test_rows_are_those_that_are_drawn():
    assert feature_card(TOWN, "entrances.0", "en")["name"] == "G1"
    assert feature_card(TOWN, "entrances.1", "en") is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "facilities",
        "facilities.",
        "facilities.9",
        "facilities.-1",
        "no.0",
        "../x.0",
        "facilities.00000000000000000000",
        "facilities.²",
    ],
)
def test_there_is_no_card_of_what_is_not_there(name):
    assert feature_card(TOWN, name, "zh") is None
