"""The list of lacking data: one row for each body and column, its empty cells added up."""

import pandas as pd
import pytest

from atlas.compose import context_of
from atlas.request import Request
from atlas.sheets import unknowns
from layers.findings import tidy_findings
from rules.book import load_book

BOOK = load_book(("ningxia", "wuzhong", "litong"))


@pytest.fixture
def listed(district, findings):
    """Return a function that lists what rules lack at estates, as texts of cells."""
    base = findings[findings["outcome"] == "unknown"].iloc[0].to_dict()

    def _listed(*lacks):
        rows = [
            base | {"finding_id": f"{estate}:{rule}", "estate_id": estate, "estate": estate,
                    "rule_id": rule, "lacking": codes, "leads": leads}
            for estate, rule, codes, leads in lacks
        ]  # fmt: skip
        told = tidy_findings(pd.DataFrame(rows), district)
        context = context_of(district, told, BOOK, None, Request("2023-04-01", "V1"))
        page = unknowns.listed_rows(context)
        return [[getattr(cell, "text", cell) for cell in row.cells] for row in page]

    return _listed


def test_one_column_is_one_row_however_many_cells_are_empty(listed):
    rows = listed(
        ("E1", "drain.cover", "pipelines.depth_m*10", True),
        ("E2", "drain.cover", "pipelines.depth_m*16", True),
    )
    assert [row[1] for row in rows] == ["埋深（26 段管线）"]
    assert [row[4:6] for row in rows] == [["全部 2 个小区", "2"]]


def test_the_cells_of_an_estate_count_once_for_several_rules(listed):
    rows = listed(
        ("E1", "drain.cover", "pipelines.depth_m*10", True),
        ("E1", "drain.frost", "pipelines.depth_m*4", True),
    )
    assert [row[1] for row in rows] == ["埋深（10 段管线）"]
    assert rows[0][5] == "2"


def test_each_piece_of_data_is_asked_of_whoever_holds_it(listed):
    rows = listed(("E1", "lift.consent", "estates.households units", True))
    assert sorted(row[1] for row in rows) == ["单元", "小区·户数"]


def test_what_another_rule_of_the_family_answers_is_not_asked_for(listed):
    assert listed(("E1", "fire.lane", "buildings.fire_lane_m*3", False)) == []
