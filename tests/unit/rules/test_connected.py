"""A network in pieces: of what is cut off from the walkways nothing is known."""

import pytest
import shapely.ops

from tests.tiny_town import ESTATES, KINDERGARTEN, UNITS, facility, line, square, streets, tiny_town

STRAY = {"walkway_id": "Z", "geometry": line((540, 105), (560, 105))}
"""Twenty metres of walkway in front of C, joined to nothing."""


def test_an_estate_on_a_stray_walkway_is_unknown(judged):
    found = judged(tiny_town(walkways=[*streets(), STRAY]), "kindergarten.access")
    assert found["outcome"].to_dict() == {"A": "met", "B": "met", "C": "unknown"}
    assert found.loc["C", "lacking_zh"] == "与全区相连的步行道"


@pytest.mark.parametrize("rule", ["elder.area100.old", "elder.centre_size", "elder.access"])
def test_so_is_what_it_shares_and_the_size_of_what_it_reaches(judged, rule):
    town = tiny_town(walkways=[*streets(), STRAY])
    assert judged(town, rule)["outcome"].to_dict() == {
        "A": "missing",
        "B": "missing",
        "C": "unknown",
    }


def test_an_estate_far_from_every_walkway_is_unknown(judged):
    # The unit door is 160 m north of the street at y = 200.
    far = {"estate_id": "F", "name": "丁", "households": 5, "geometry": square(0, 350, 90, 90)}
    unit = UNITS[0] | {"unit_id": "F-1", "estate_id": "F"}
    unit |= {"geometry": square(50, 360, 1, 1).centroid}
    found = judged(tiny_town(estates=[*ESTATES, far], units=[*UNITS, unit]), "kindergarten.access")
    assert found.loc["F", "outcome"] == "unknown"
    assert found.loc["F", "lacking_zh"] == "与全区相连的步行道"
    assert found.loc["A", "outcome"] == "met"


def test_a_place_cut_off_leaves_open_the_walks_it_might_shorten(judged):
    # L stands on a stray walkway 51 m from the door of C, 193 m from that of B, over 450 m from A.
    stray = {"walkway_id": "Z", "geometry": line((541, 59), (559, 59))}
    apart = facility("L", "kindergarten", 550, 60)
    town = tiny_town(walkways=[*streets(), stray], facilities=[KINDERGARTEN, apart])
    found = judged(town, "kindergarten.access")
    assert found["outcome"].to_dict() == {"A": "met", "B": "met", "C": "unknown"}
    only = tiny_town(walkways=[*streets(), stray], facilities=[apart])
    found = judged(only, "kindergarten.access")
    assert found["outcome"].to_dict() == {"A": "missing", "B": "unknown", "C": "unknown"}


def test_walkways_in_nothing_but_pieces_say_nothing(judged):
    # Every street ends a centimetre before its crossings.
    pieces = [
        row | {"geometry": shapely.ops.substring(row["geometry"], 0.01, 99.99)} for row in streets()
    ]
    found = judged(tiny_town(walkways=pieces), "kindergarten.access")
    assert set(found["outcome"]) == {"unknown"}
    assert set(found["lacking_zh"]) == {"与全区相连的步行道"}
