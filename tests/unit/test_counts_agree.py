"""One number of gaps: page, tables, charts, map, workbook, files, command and booklet agree."""

import re
from datetime import date
from io import BytesIO, StringIO

import geopandas as gpd
import pandas as pd
import pytest
from openpyxl import load_workbook
from rich.console import Console

from atlas.counts import count_estates
from atlas.evidence import all_evidence
from exports.csv_table import findings_csv
from exports.xlsx import findings_workbook
from jobs import report
from layers.district import District
from layers.findings import facility_gaps, is_gap
from rules.book import Book, load_book
from rules.evaluate import evaluate
from rules.full_table import full_table, joined
from rules.summary import counts, estate_summary, tally
from views.dossier import dossier
from views.link import Choice
from views.map.figures import estate_figures
from views.selection import JOINED, select
from views.table import estate_table


@pytest.fixture(scope="module")
def book(full_demo: District) -> Book:
    return load_book(full_demo.overlays)


@pytest.fixture(scope="module", params=[date(2023, 4, 1), date(2026, 11, 29)], ids=str)
def findings(request: pytest.FixtureRequest, full_demo: District, book: Book) -> gpd.GeoDataFrame:
    return evaluate(full_demo, book, request.param)


@pytest.fixture(scope="module")
def table(findings: gpd.GeoDataFrame, full_demo: District, book: Book) -> gpd.GeoDataFrame:
    return full_table(findings, full_demo, book)


@pytest.fixture(scope="module")
def by_estate(findings: gpd.GeoDataFrame, full_demo: District) -> list[int]:
    """Return the number of gaps of every estate, counted in the plainest way."""
    rows = zip(
        findings["estate_id"],
        findings["statement"],
        findings["leads"],
        findings["outcome"],
        strict=True,
    )
    own = [e for e, kind, leads, o in rows if kind == "gap" and leads and o in ("short", "missing")]
    return [own.count(estate) for estate in full_demo["estates"]["estate_id"]]


def test_the_page_counts_as_the_findings_do(
    findings: gpd.GeoDataFrame, full_demo: District, book: Book, by_estate: list[int]
) -> None:
    selection = select(findings, full_demo, book, Choice(), {})
    assert selection.summary["gaps"].tolist() == by_estate
    assert len(selection.gaps) == sum(by_estate)
    assert estate_figures(selection.summary, [], None).gaps == by_estate
    shown = estate_table(full_demo, selection, "zh")["缺口"]
    assert shown.reindex(full_demo["estates"]["estate_id"]).tolist() == by_estate
    charted = counts(selection.findings, by=("town", "gap_kind"))
    assert charted["gaps"].sum() == sum(by_estate)
    told = selection.summary
    failing = selection.findings["outcome"].isin(["short", "missing"])
    others = told[["yardsticks", "conditions", "pendings"]].to_numpy().sum()
    assert len(selection.others) == others
    repeated = int((failing & ~selection.findings["leads"]).sum())
    assert failing.sum() == sum(by_estate) + others + repeated


def test_dossiers_and_files_count_as_the_findings_do(
    table: gpd.GeoDataFrame, full_demo: District, book: Book, by_estate: list[int]
) -> None:
    for row, estate in enumerate(full_demo["estates"]["estate_id"]):
        told = dossier(full_demo, book, table[table["estate_id"] == estate], row, "en")
        assert [f["group"] for f in told["findings"]].count("gaps") == by_estate[row]
    assert len(facility_gaps(table, full_demo)) == sum(by_estate)
    listed = pd.read_csv(BytesIO(findings_csv(table, "zh")), encoding="utf-8-sig")
    counted = listed["性质"].eq("短板") & listed["本组结论"].eq("是")
    assert (counted & listed["结论"].isin(["不足", "缺失"])).sum() == sum(by_estate)


def test_the_workbook_counts_as_the_findings_do(
    table: gpd.GeoDataFrame, full_demo: District, book: Book
) -> None:
    workbook = load_workbook(BytesIO(findings_workbook(table, full_demo, book)))
    heads, *rows = workbook["结论"].iter_rows(values_only=True)
    listed = pd.DataFrame(rows, columns=heads)
    for place, kind in enumerate(["电梯", "停车", "充电", "养老", "其他"], start=2):
        formula = workbook["汇总"][f"B{place}"].value
        # The formula asks for kind, statement, leads and outcome: the same in pandas.
        outcomes = re.findall('"(不足|缺失)"', formula)
        asked = listed[listed["缺口类型"].eq(kind) & listed["性质"].eq("短板")]
        asked = asked[asked["本组结论"].eq("是") & asked["结论"].isin(outcomes)]
        same = is_gap(table) & table["gap_kind"].map(dict(zip(KINDS, TITLES, strict=True))).eq(kind)
        assert len(asked) == same.sum()


KINDS = ["elevator", "parking", "charging", "elder_care", "other"]
TITLES = ["电梯", "停车", "充电", "养老", "其他"]


def test_the_command_prints_what_the_findings_say(
    findings: gpd.GeoDataFrame,
    full_demo: District,
    book: Book,
    by_estate: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed = StringIO()
    monkeypatch.setattr(report, "console", lambda: Console(file=printed, width=160))
    monkeypatch.setattr(report, "show", lambda *_, **__: None)
    report.print_summary(joined(findings, full_demo, book, JOINED), full_demo, book, "zh")
    lines = [re.findall(rf"{title} +│ +(\d+)", printed.getvalue()) for title in TITLES]
    assert sum(int(found[0]) for found in lines) == sum(by_estate)
    assert tally(joined(findings, full_demo, book, JOINED))["gap"].sum() == sum(by_estate)


def test_the_booklet_counts_as_the_findings_do(
    table: gpd.GeoDataFrame, full_demo: District, by_estate: list[int]
) -> None:
    ids = full_demo["estates"]["estate_id"]
    numbered = all_evidence(table, "zh")
    assert [len(numbered.get(estate, [])) for estate in ids] == by_estate
    counted = count_estates(table, full_demo["estates"])
    assert counted["gaps"].reindex(ids).tolist() == by_estate
    assert estate_summary(table, full_demo)["gaps"].tolist() == by_estate


def test_the_estates_of_the_demonstration_are_told_apart(by_estate: list[int]) -> None:
    assert len(set(by_estate)) >= 5
    assert max(by_estate) < 15
