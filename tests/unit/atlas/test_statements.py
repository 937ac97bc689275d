"""The lists of what is no gap: marginal values stand beside the names of their estates."""

import pandas as pd
import pytest

from atlas.compose import context_of
from atlas.evidence import all_evidence
from atlas.request import Request
from atlas.sheets import statements
from layers.findings import Statement, tidy_findings
from rules.book import load_book

BOOK = load_book(("ningxia", "wuzhong", "litong"))


@pytest.fixture
def told(district, findings):
    """Return two findings of one rule that are as near to their limit as they are measured."""
    base = findings.iloc[0].to_dict() | {
        "rule_id": "ramp.width",
        "outcome": "short",
        "degree": "short",
        "statement": "marginal",
        "is_marginal": True,
        "unit": "m",
        "op": ">=",
        "threshold": 1.2,
    }
    rows = [
        base | {"finding_id": f"{estate}:ramp", "estate_id": estate, "estate": name, "value": value}
        for estate, name, value in (("E1", "示例小区", 1.19), ("E2", "邻家小区", 1.18))
    ]
    return tidy_findings(pd.DataFrame(rows), district)


def test_marginal_values_are_listed_to_be_measured_again(district, told):
    context = context_of(district, told, BOOK, None, Request("2023-04-01", "V1"))
    (row,) = statements.listed_rows(context, told)
    assert row.cells[4] == "示例小区（1.19 m）、邻家小区（1.18 m）"
    (row,) = statements.listed_rows(context, told.assign(statement="yardstick"))
    assert row.cells[4] == "全部 2 个小区"
    (page,) = statements.plan(Statement.MARGINAL, context, "B3")
    assert page.title == "临界清单"


def test_what_is_marginal_is_on_no_gap_sheet(told):
    assert all_evidence(told, "zh") == {}
