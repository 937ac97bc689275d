"""What a rule reads is declared: without everything else its findings are the same."""

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely

import demo
import layers
from edits import apply, difference
from layers.district import District
from rules.book import Book, load_book
from rules.context import EvaluationContext
from rules.evaluate import judge_rule
from rules.findings import RuleFindings
from rules.measures import reads
from rules.reads import GEOMETRY, Reads, Touched, rows_read
from tests.tiny_town import facility, lot, tiny_town

TODAY = date(2026, 11, 23)
BOOK: Book = load_book(("ningxia", "wuzhong", "litong"))
JUDGING = [rule.id for rule in BOOK.in_force(TODAY) if rule.measure.by != "reference"]


@pytest.fixture(scope="module", params=["invented", "built by hand"])
def whole(request):
    """Return a district with every layer, and one with many unknowns and rows without estate."""
    district = demo.district("tiny") if request.param == "invented" else by_hand()
    return EvaluationContext(district, BOOK, TODAY)


def by_hand() -> District:
    return tiny_town(
        facilities=[
            facility("K", "kindergarten", 200, -10, is_shared=True),
            facility("D", "elder_day_care", 350, -10, floor_area_m2=100.0),
            facility("C", "elder_day_care", 50, 50, state="closed"),
        ],
        parking=[lot("P", 50, 50, spaces=9), lot("Q", 250, 50, is_public=True)],
        pipelines=[],
        trees=[],
    )


def stripped(district: District, declared: Reads) -> District:
    """Return a district in which nothing is left but what is declared."""
    frames = {layer: _kept(district, layer, declared) for layer in layers.SURVEYED}
    return district.sharing(
        frames, surveyed=district.surveyed, surveyed_kinds=district.surveyed_kinds
    )


def _kept(district: District, layer: str, declared: Reads) -> gpd.GeoDataFrame:
    own = [read for read in declared if read.layer == layer]
    frame = district[layer]
    if not own:
        return frame.iloc[:0]
    if all(read.kinds for read in own):
        frame = frame[frame["kind"].isin({kind for read in own for kind in read.kinds})]
    columns = {column for read in own for column in read.columns}
    left = frame[[name for name in frame if name in columns | {GEOMETRY}]]
    if GEOMETRY in columns:
        return left
    return left.set_geometry(gpd.GeoSeries([None] * len(left), left.index, crs=frame.crs))


def assert_same(one: RuleFindings, other: RuleFindings) -> None:
    for name in RuleFindings.__slots__:
        a, b = getattr(one, name), getattr(other, name)
        if name == GEOMETRY:
            none = np.equal(a, None) & np.equal(b, None)
            assert (shapely.equals_identical(a, b) | none).all()
        else:
            np.testing.assert_array_equal(a, b, err_msg=name)


@pytest.mark.parametrize("rule_id", JUDGING)
def test_a_rule_reads_nothing_that_it_does_not_declare(whole, rule_id):
    rule = BOOK.by_id[rule_id]
    left = stripped(whole.district, reads(rule, BOOK))
    found = judge_rule(EvaluationContext(left, BOOK, TODAY), rule)
    assert_same(found, judge_rule(whole, rule))


def test_an_undeclared_column_is_found_out():
    # The rule on lifts reads has_lift; were it not declared, it could not be judged.
    district, rule = demo.district("tiny"), BOOK.by_id["lift.trigger.2025"]
    less = frozenset(
        type(read)(read.layer, read.columns - {"has_lift"}, read.kinds)
        for read in reads(rule, BOOK)
    )
    with pytest.raises(KeyError, match="has_lift"):
        judge_rule(EvaluationContext(stripped(district, less), BOOK, TODAY), rule)


def test_a_new_pharmacy_touches_what_is_read_of_pharmacies_and_of_all_facilities():
    before = tiny_town(facilities=[facility("K", "kindergarten", 200, -10)])
    frame = tiny_town(
        facilities=[facility("K", "kindergarten", 200, -10), facility("N", "pharmacy", 50, 50)]
    )["facilities"]
    edit = difference(before, before.with_frames(facilities=frame))
    touched = Touched.by(edit, before, apply(before, edit, assumed=True))
    assert touched.meets(rows_read("facilities", ("pharmacy",)))
    assert touched.meets(rows_read("facilities"))
    assert not touched.meets(rows_read("facilities", ("kindergarten",)))
    assert not touched.meets(rows_read("parking"))


def test_one_changed_cell_touches_its_column_only():
    before = demo.district("tiny")
    units = before["units"].copy()
    units.loc[0, "has_lift"] = not bool(units.loc[0, "has_lift"])
    edit = difference(before, before.with_frames(units=units))
    touched = Touched.by(edit, before, apply(before, edit))
    assert touched.meets(rows_read("units", (), ("has_lift",)))
    assert not touched.meets(rows_read("units", (), ("storeys", "households")))
    again = [rule for rule in JUDGING if touched.meets(reads(BOOK.by_id[rule], BOOK))]
    assert "lift.trigger.2025" in again
    assert all(rule.startswith("lift.") for rule in again)
