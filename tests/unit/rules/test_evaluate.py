"""The findings of a district: one for every estate and rule, in words, with evidence."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from layers.findings import COLUMNS, facility_gaps, is_gap
from layers.spec import PANDAS_DTYPE
from rules.book import load_book
from rules.evaluate import evaluate
from rules.full_table import full_table
from rules.nothing import called
from rules.rows import Rows, names_of
from rules.voice import Voice
from tests.tiny_town import ESTATES, facility, lot, point, tiny_town

TODAY = date(2026, 11, 23)
FACILITIES = [
    facility("K", "kindergarten", 200, -10),
    facility("D", "elder_day_care", 350, -10, floor_area_m2=100.0),
]


@pytest.fixture(scope="module")
def town():
    return tiny_town(
        facilities=FACILITIES, parking=[lot("P", 50, 50, spaces=9)], trees=[], pipelines=[]
    )


@pytest.fixture(scope="module")
def findings(book, town):
    return full_table(evaluate(town, book, TODAY), town, book)


def test_there_is_one_finding_for_every_estate_and_rule(book, findings):
    judging = [rule.id for rule in book.in_force(TODAY) if rule.measure.by != "reference"]
    assert findings["rule_id"].tolist() == judging * 3
    assert findings["estate_id"].tolist() == [e for e in "ABC" for _ in judging]
    assert findings["finding_id"].is_unique
    assert not findings["rule_id"].isin(["lift.sunlight_exempt", "parking.bay_geometry"]).any()


def test_columns_and_types_are_the_contract(town, findings):
    assert findings.columns.tolist() == [column.name for column in COLUMNS] + ["geometry"]
    for column in COLUMNS:
        assert findings[column.name].dtype == pd.Series(dtype=PANDAS_DTYPE[column.dtype]).dtype
        if column.required:
            assert findings[column.name].notna().all(), column.name
        if column.codes:
            assert set(findings[column.name].dropna()) <= set(column.codes), column.name
    assert findings.crs == town.crs
    assert np.isfinite(findings["value"].dropna()).all()


def test_no_verdict_without_its_clause_and_department(findings):
    assert (findings["source_title"] != "").all()
    lift = findings[findings["rule_id"] == "lift.trigger.2025"].iloc[0]
    assert (lift["source_title"], lift["clause"]) == ("住宅项目规范", "4.2.4")
    assert (lift["department"], lift["assisting"]) == ("区自然资源局", "区住房城乡建设和交通局")
    assert lift["department_ids"] == "zrj、zjj"
    assert lift["town"] == "示例镇"
    assert findings[findings["estate_id"] == "C"]["town"].isna().all()


def test_severity_goes_with_the_outcome(findings):
    failing = findings["outcome"].isin(["short", "missing"])
    assert findings.loc[failing, "severity"].between(0, 1).all()
    assert (findings.loc[failing, "severity"] > 0).all()
    assert (findings.loc[findings["outcome"] == "met", "severity"] == 0).all()
    other = ~failing & (findings["outcome"] != "met")
    assert findings.loc[other, "severity"].isna().all()


def test_unknown_says_what_is_missing_and_who_supplies_it(findings):
    unknown = findings[findings["outcome"] == "unknown"]
    assert (unknown["lacking_zh"] != "").all()
    assert (unknown["lacking_en"] != "").all()
    assert (unknown["supplier"] != "").all()
    assert unknown["reason_zh"].str.startswith("资料不足，待").all()
    assert unknown["reason_en"].str.startswith("Not enough data. Records to be supplied by ").all()
    assert findings.loc[findings["outcome"] != "unknown", "lacking_zh"].isna().all()


def test_reasons_are_honest_about_their_threshold(findings):
    failing = findings[findings["outcome"].isin(["short", "missing"])]
    for kind, said in (("yardstick", "；对照："), ("condition", "；条件："), ("gap", None)):
        reasons = failing.loc[failing["statement"] == kind, "reason_zh"]
        assert len(reasons) or kind == "condition"
        assert reasons.str.contains("；(?:对照|条件)：").eq(said is not None).all()
        assert said is None or reasons.str.contains(said).all()
    assert not findings["reason_zh"].str.contains("违规").loc[findings["outcome"] == "met"].any()
    decided = findings[findings["outcome"].isin(["met", "short", "missing"])]
    recall = decided["verified"] == "recall"
    assert recall.any()
    assert decided.loc[recall, "reason_zh"].str.contains("待核").all()
    assert not decided.loc[~recall, "reason_zh"].str.contains("待核").any()


def test_progress_is_told_to_the_end(book, town):
    told = []
    evaluate(town, book, TODAY, lambda share, rule: told.append((share, rule)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[-1] == (1.0, "mobile.coverage") or told[-1][0] == 1.0


@pytest.mark.slow
def test_an_empty_district_has_no_findings(book):
    empty = tiny_town(estates=[], buildings=[], units=[], towns=[], walkways=[], facilities=[])
    assert len(evaluate(empty, book, TODAY)) == 0


@pytest.mark.slow
def test_a_district_that_has_everything_but_estates_has_no_findings(book):
    gate = {"entrance_id": "G", "estate_id": "A", "geometry": point(0, 50)}
    town = tiny_town(
        estates=[], facilities=FACILITIES, parking=[lot("P", 50, 50)], entrances=[gate]
    )
    assert len(town["units"]) == 3
    assert len(evaluate(town, book, TODAY)) == 0


def test_a_confirmed_figure_is_no_longer_required(tmp_path, town):
    file = tmp_path / "project.toml"
    file.write_text(
        '[[change]]\nrule = "parking.ratio.old"\noverride = "reason"\n'
        'why = "w"\nwho = "住建交通局"\nwhen = 2026-11-01\n',
        "utf-8",
    )
    book = load_book((), [file])
    found = full_table(evaluate(town, book, TODAY, only=["parking.ratio.old"]), town, book)
    assert set(found["override"]) == {"reason"}
    assert not found["reason_zh"].str.contains("占位").any()


@pytest.mark.parametrize(
    ("estates", "until", "waived"),
    [
        ('["A"]', "2027-01-01", ["A"]),
        ('["A"]', "2026-11-22", []),
        ("[]", "2026-11-23", ["A", "B", "C"]),
    ],
)
def test_a_waived_rule_is_not_asked(tmp_path, town, estates, until, waived):
    file = tmp_path / "project.toml"
    file.write_text(
        f'[[waive]]\nrule = "kindergarten.access"\nestates = {estates}\nuntil = {until}\n'
        'why = "校车接送"\nwho = "教育局"\nwhen = 2026-11-01\n',
        "utf-8",
    )
    book = load_book((), [file])
    found = full_table(evaluate(town, book, TODAY, only=["kindergarten.access"]), town, book)
    chosen = found["outcome"] == "waived"
    assert found.loc[chosen, "estate_id"].tolist() == waived
    assert found.loc[chosen, "severity"].isna().all()
    assert found.loc[chosen, "reason_zh"].eq("已豁免：校车接送（教育局，2026-11-01）。").all()


def test_gaps_alone_become_the_gap_layer(findings, town):
    gaps = facility_gaps(findings, town)
    assert set(gaps["gap_id"]) == set(findings.loc[is_gap(findings), "finding_id"])
    assert 0 < len(gaps) < findings["outcome"].isin(["short", "missing"]).sum()


def test_of_bodies_that_every_town_has_the_estates_own_answers(findings):
    replanting = findings[findings["rule_id"] == "green.survival"].set_index("estate_id")
    assert replanting.loc["A", "department"] == "示例镇"
    assert replanting.loc["C", "department"].startswith("金星镇、胜利镇")  # of no town
    assert (replanting["assisting"] == "区自然资源局").all()
    assert replanting.loc["A", "supplier"] == "示例镇"


def test_rows_without_a_name_are_called_by_kind_and_key(town):
    outlines = np.asarray(town["estates"].geometry.array, dtype=object)
    lots = Rows("parking", town["parking"], np.array([0]), outlines)
    assert names_of("parking", town["parking"], "zh").tolist() == ["停车场 P"]
    assert names_of("parking", town["parking"], "en").tolist() == ["car park P"]
    pipe = pd.DataFrame({"pipe_id": ["D1"], "kind": ["PS"]})
    assert names_of("pipelines", pipe, "zh").tolist() == ["排水管 D1"]
    assert names_of("pipelines", pipe, "en").tolist() == ["drain D1"]
    assert lots.points.shape == (1, 2)
    assert len(lots) == 1


def test_english_says_what_it_is_that_has_a_chinese_name():
    places = pd.DataFrame(
        {"facility_id": ["F1", "F2", "F3"], "kind": "bus_stop", "name": ["北门站", "Gate 3", None]}
    )
    english = ["bus stop 北门站", "Gate 3", "bus stop F3"]
    assert names_of("facilities", places, "en").tolist() == english
    assert names_of("facilities", places, "zh").tolist() == ["北门站", "Gate 3", "公交站 F3"]


def test_kinds_are_named_in_both_languages(book):
    rule = book.by_id["elder.access"]
    chinese, english = (called(rule.measure, Voice(rule, book, one)) for one in ("zh", "en"))
    assert chinese == "日间照料中心或养老服务站"
    assert english == "elder day-care centre or elder service station"


def test_the_estates_are_not_written_to(book, town):
    before = town["estates"].copy()
    evaluate(town, book, TODAY, only=["elder.beds"])
    pd.testing.assert_frame_equal(town["estates"], before)
    assert len(ESTATES) == 3
