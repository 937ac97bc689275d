"""No table makes newer what it did not bring, and no improbable value comes in unasked."""

import hypothesis.strategies as st
from hypothesis import given

from edits import apply
from intake.acceptance import accept
from intake.merging import merge
from tests.examples import examples
from tests.unit.intake import known
from tests.unit.intake.known import NAMES, asked, draft, survey

DISTRICT = known.district()
KNOWN = {"户数": 120, "建筑面积": 12_000, "总投资": 3_000_000, "照明覆盖道路比例": 0.5}


@examples(60)
@given(st.sets(st.sampled_from(list(KNOWN))), st.sampled_from([0.75, 1, 1.25]))
def test_a_partial_table_never_changes_the_date_of_a_column_it_does_not_bring(heads, factor):
    row = [KNOWN[head] * factor for head in heads]  # never the year of building, which is known
    receipt = accept(draft(survey(["小区名称", *heads], [[NAMES[0], *row]])))
    after = apply(DISTRICT, merge(DISTRICT, receipt))["estates"]
    assert after["source_date"].equals(DISTRICT["estates"]["source_date"])


@examples(60)
@given(
    st.sampled_from(["户数", "建筑面积", "总投资"]),
    st.sampled_from([0, 0.01, 0.1, 10, 100, 1000]),
    st.integers(0, len(NAMES) - 1),
)
def test_a_tenfold_change_of_a_known_number_is_never_taken_unasked(head, factor, at):
    frame = known.estates()
    column = {"户数": "households", "建筑面积": "floor_area_m2", "总投资": "budget_yuan"}[head]
    value = float(frame[column].iloc[at]) * factor
    table = survey(["小区名称", head], [[frame["name"].iloc[at], value]])
    one = draft(table)
    assert asked(one) != [] or not len(accept(one).accepted)


@examples(60)
@given(st.integers(1900, 2100))
def test_a_year_to_come_is_never_taken_unasked(year):
    one = draft(survey(["小区名称", "建成年份"], [[NAMES[0], year]]))
    assert (asked(one) == []) is (year <= int(known.ORIGIN.date[:4]))
