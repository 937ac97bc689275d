"""What is known of people outside the estates can only be a reason against, never be missed."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rules.book import Book, load_book
from rules.evaluate import evaluate
from tests.examples import examples
from tests.tiny_town import BUILDINGS, facility, lot, square, tiny_town

TODAY = date(2026, 11, 23)
BOOK: Book = load_book(("ningxia", "wuzhong", "litong"))
POOLED = [rule.id for rule in BOOK.in_force(TODAY) if rule.measure.by == "adequacy"]
PER_HOME = BOOK.demography["floor_area_per_household"]

spot = st.tuples(st.integers(-40, 640), st.integers(-40, 240))
places = st.tuples(spot, st.floats(20.0, 400.0))


@st.composite
def homes(draw):
    """Return buildings outside the estates, counted or measured as a survey may find them."""
    rows = []
    for number, x in enumerate(draw(st.lists(st.integers(0, 5), max_size=4, unique=True))):
        storeys = draw(st.integers(1, 30))
        area = 120.0 * storeys
        least, most = area / PER_HOME.most, area / PER_HOME.least
        households = draw(st.integers(int(-(-least // 1)), max(int(most), int(-(-least // 1)))))
        rows.append(
            {
                "building_id": f"X{number}",
                "use": draw(st.sampled_from(["residential", None])),
                "storeys": storeys,
                "households": households if households <= most else None,
                "geometry": square(110 + 100 * x, 220, 10, 12),
            }
        )
    return rows


def met(outside, supply, bays):
    """Return which findings of the pooled rules are met."""
    (x, y), area = supply
    centre = {"floor_area_m2": area, "land_area_m2": area / 20, "capacity": area}
    kinds = ("elder_day_care", "community_service", "elder_home")
    town = tiny_town(
        buildings=[*BUILDINGS[:-1], *outside],
        facilities=[facility(kind, kind, x, y, **centre) for kind in kinds],
        parking=[lot("P", x, y, spaces=bays, is_public=True)],
    )
    return (evaluate(town, BOOK, TODAY, only=POOLED)["outcome"] == "met").to_numpy()


@examples(30)
@given(
    outside=homes(),
    supply=places,
    bays=st.integers(1, 60),
    column=st.sampled_from(["households", "storeys", "use", "everything"]),
)
def test_removing_what_is_known_of_people_outside_never_turns_a_verdict_to_met(
    outside, supply, bays, column
):
    shop = BUILDINGS[-1]
    before = met([shop, *outside], supply, bays)
    if column == "everything":
        after = met([], supply, bays)
    else:
        after = met([shop, *({**row, column: None} for row in outside)], supply, bays)
    assert not (after & ~before).any()


@examples(15)
@given(outside=homes(), supply=places, bays=st.integers(1, 60))
def test_more_people_outside_never_turn_a_verdict_to_met(outside, supply, bays):
    shop = BUILDINGS[-1]
    fewer = met([shop, *outside[:-1]], supply, bays)
    assert not (met([shop, *outside], supply, bays) & ~fewer).any()
