"""Facilities once recorded and never judged: shops by number and size, toilets, bus stops."""

import pytest

from layers.facilities import KINDS
from layers.parking import KINDS as PARKING_KINDS
from rules.grammar import Ratio
from rules.selection import Selection
from tests.tiny_town import ALL_KINDS, facility, tiny_town

# Walks of A's nearest door, A-1-1 at (50, 10): to (x, -10) it is 10 + |x - 50| + 10.


def shops(*areas, x=200):
    """Return shops of some areas, 30 m from one another along a street, 170 m and more from A."""
    rows = [
        facility(f"S{n}", "shop", x + 30 * n, -10, name=f"店{n}", floor_area_m2=area)
        for n, area in enumerate(areas)
    ]
    return tiny_town(facilities=rows)


@pytest.mark.parametrize(
    ("areas", "expect", "value"),
    [
        ((60.0, 50.0), "met", 2),
        ((300.0,), "met", 2),  # one supermarket
        ((299.0,), "short", 1),
        ((49.0, 80.0), "short", 1),
        ((), "missing", 0),
        ((40.0,), "missing", 0),  # a kiosk is no shop
        ((None,), "unknown", None),  # it may be a supermarket
        ((None, 300.0), "met", 2),
    ],
)
def test_two_shops_or_one_supermarket_are_asked_for(judged, areas, expect, value):
    found = judged(shops(*areas), "shop.count").loc["A"]
    assert found["outcome"] == expect
    assert value is None or found["value"] == value


def test_only_shops_within_five_hundred_metres_count(judged):
    # From A-1-1 to (520, -10): 10 + 470 + 10 = 490; from A-1-2 more. To (540, -10): 510.
    assert judged(shops(300.0, x=520), "shop.count").loc["A", "outcome"] == "met"
    assert judged(shops(300.0, x=540), "shop.count").loc["A", "outcome"] == "missing"


def test_shops_that_nobody_looked_for_are_unknown(judged):
    town = tiny_town()
    kinds = ALL_KINDS - {"shop"}
    blind = town.sharing(
        {name: town[name] for name in town.surveyed}, surveyed=town.surveyed, surveyed_kinds=kinds
    )
    found = judged(blind, "shop.count").loc["A"]
    assert (found["outcome"], found["lacking_zh"]) == ("unknown", "便利店")


@pytest.mark.parametrize(("area", "expect"), [(30.0, "met"), (20.0, "missing"), (None, "unknown")])
def test_a_public_toilet_counts_from_thirty_square_metres(judged, area, expect):
    town = tiny_town(facilities=[facility("T", "toilet", 200, -10, floor_area_m2=area)])
    found = judged(town, "toilet.count").loc["A"]
    assert (found["outcome"], found["statement"]) == (expect, "pending")


@pytest.mark.parametrize(
    ("rule", "kind"),
    [("bus.access", "bus_stop"), ("pharmacy.access", "pharmacy"), ("school.access", "school")],
)
def test_stops_pharmacies_and_schools_are_walked_to(judged, rule, kind):
    # As to the kindergarten: 180 m from the farthest door of A, 470 m from C.
    found = judged(tiny_town(facilities=[facility("F", kind, 200, -10)]), rule)
    assert found.loc["A", "value"] == pytest.approx(180)
    assert found.loc["C", "value"] == pytest.approx(470)
    assert set(found["outcome"]) == {"met"}


def test_kindergarten_places_are_shared_by_the_persons_in_reach(judged):
    # Within 500 m of (200, -10): A's 60 persons, B's 10 and C's 30 households of 2.79 persons
    # each, 171.6 in all: 6 places are 34.97 for 1,000 of them.
    places = facility("K", "kindergarten", 200, -10, capacity=6.0)
    found = judged(tiny_town(facilities=[places]), "kindergarten.places").loc["A"]
    assert found["outcome"] == "short"
    assert found["value"] == pytest.approx(6000 / 171.6)


def test_every_kind_of_facility_and_parking_is_judged_by_some_rule(book):
    parts = [rule.measure for rule in book.rules if rule.judges]
    parts += [part for m in parts if isinstance(m, Ratio) for part in (*m.of, *m.per, m.or_walk)]
    judged = {kind for part in parts if isinstance(part, Selection) for kind in part.kinds}
    assert {*KINDS, *PARKING_KINDS} <= judged
