"""A scenario tried, as a workbook and as JSON: the same numbers, and text that stays text."""

import io
import json
from datetime import date

import pytest
from openpyxl import load_workbook

from edits import named
from edits.scenario import Scenario, Step
from exports.comparison_book import trial_document, trial_workbook
from services.assessment import Workspace, assess
from services.comparison import Change
from services.what_if import what_if
from tests.tiny_town import UNITS, tiny_town

TOWN = tiny_town(units=[{**one, "has_lift": False, "storeys": 6} for one in UNITS])
HOSTILE = "=HYPERLINK(0)"


@pytest.fixture(scope="module")
def trial():
    """Return two lifts, one of which is fitted twice: the second time it does not fit."""
    lift, other = (named.fit_elevator(TOWN, key) for key in ("A-1-1", "B-1-1"))
    steps = (Step(lift, HOSTILE), Step(lift), Step(other), Step(other, is_on=False))
    scenario = Scenario(HOSTILE, "0" * 64, steps, note=HOSTILE)
    return what_if(assess(Workspace.of(TOWN), date(2026, 11, 23)), scenario)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_workbook_and_document_hold_the_same(trial, language):
    book = load_workbook(io.BytesIO(trial_workbook(trial, language)))
    document = trial_document(trial)
    about, steps, kinds, estates, changes = book.worksheets
    shown = {row[0].value: row[1].value for row in about.iter_rows(min_row=3) if row[0].value}
    assert list(shown.values())[-3:] == list(document["counts"].values())
    assert steps.max_row == 1 + len(document["steps"])
    rows = [[cell.value for cell in row] for row in kinds.iter_rows(min_row=2, max_row=6)]
    assert [row[1:5] for row in rows] == [
        [one[name] for name in ("gaps_before", "gaps_after", "closed", "opened")]
        for one in document["by_kind"]
    ]
    assert estates.max_row == 2 + len(document["by_estate"])  # a total below
    assert changes.max_row == 1 + len(document["changes"])
    kinds_of_cell = {c.data_type for sheet in book for row in sheet.iter_rows() for c in row}
    assert kinds_of_cell <= {"s", "n", "f"}


def test_a_title_that_looks_like_a_formula_stays_text(trial):
    book = load_workbook(io.BytesIO(trial_workbook(trial)))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value == HOSTILE]
    assert len(cells) >= 3
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_step_that_does_not_fit_says_why(trial):
    document = json.loads(json.dumps(trial_document(trial), allow_nan=False))
    conflicts = [step["conflict"] for step in document["steps"]]
    assert [one is not None for one in conflicts] == [False, True, False, False]
    assert "A-1-1" in conflicts[1]["zh"]
    assert not document["is_current"]


def test_closed_gaps_come_first(trial):
    kinds = list(trial.comparison.changes["change"])
    assert kinds == sorted(kinds, key=list(Change).index)
    assert kinds[0] == Change.CLOSED


def test_the_same_trial_gives_the_same_bytes(trial):
    assert trial_workbook(trial) == trial_workbook(trial)
