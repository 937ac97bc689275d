"""The findings hold keys and numbers; the full table joins what book and district say of them."""

from datetime import date

import pandas as pd
import pytest

from layers.findings import COLUMNS
from rules import findings as slim
from rules.bodies import responsible
from rules.evaluate import evaluate
from rules.full_table import full_table, joined
from rules.summary import estate_summary
from tests.tiny_town import facility, lot, tiny_town

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def town():
    return tiny_town(
        facilities=[facility("K", "kindergarten", 200, -10)],
        parking=[lot("P", 50, 50, spaces=9)],
        trees=[],
    )


@pytest.fixture(scope="module")
def findings(book, town):
    return evaluate(town, book, TODAY)


@pytest.fixture(scope="module")
def table(book, town, findings):
    return full_table(findings, town, book)


def test_findings_repeat_no_text_of_their_rule_and_no_sentence(findings, table):
    assert list(findings) == [*slim.COLUMNS, "geometry"]
    shared = {column.name for column in COLUMNS} & set(slim.COLUMNS)
    assert not {name for name in shared if name.endswith(("_zh", "_en"))}
    per_rule = pd.DataFrame(table).groupby("rule_id").nunique(dropna=False)
    constant = {name for name in per_rule if (per_rule[name] == 1).all()}
    facts = {"item_id", "clause", "source_title", "strength", "department_ids", "unit", "op"}
    assert facts <= constant
    assert not facts & set(findings)


def test_a_finding_takes_little_more_than_a_hundred_bytes_beside_its_keys(findings):
    keys = [findings[name].cat.categories for name in ("estate_id", "rule_id", "origin_id")]
    keys += [findings[name].cat.categories for name in ("witness_id", "data_date", "lacking")]
    used = findings.memory_usage(deep=True, index=False).sum()
    used -= sum(index.memory_usage(deep=True) for index in keys)
    assert used < 104 * len(findings) + 4000  # the names of outcomes and layers


def test_the_full_table_of_some_findings_is_that_part_of_the_full_table(
    book, town, findings, table
):
    chosen = findings["outcome"].isin(["short", "missing"]).to_numpy()
    part = full_table(findings[chosen], town, book)
    pd.testing.assert_frame_equal(part, table[chosen])
    assert len(full_table(findings.iloc[:0], town, book)) == 0


def test_joined_facts_are_those_of_the_full_table(book, town, findings, table):
    names = ("town", "estate", "gap_kind", "item_class", "department", "safety", "unit")
    narrow = joined(findings, town, book, names)
    for name in names:
        same = (narrow[name] == table[name]) | (narrow[name].isna() & table[name].isna())
        assert same.all(), name


def test_findings_and_full_table_are_summed_up_alike(book, town, findings, table):
    narrow = joined(findings, town, book, ("gap_kind", "safety"))
    pd.testing.assert_frame_equal(estate_summary(narrow, town), estate_summary(table, town))


def test_the_feature_that_decided_is_named_from_the_district(table):
    walked = table[(table["witness_layer"] == "facilities").fillna(value=False)]
    assert set(walked["witness_id"]) == {"K"}
    assert set(walked["witness_name"]) == {"幼儿园 K"}
    assert table.loc[table["witness_id"].isna(), "witness_name"].isna().all()


def test_every_finding_is_led_by_the_body_of_its_own_item(book, findings, table):
    assert findings["rule_id"].cat.categories.size > 32  # more than small codes can multiply
    for row in table.itertuples():
        item = book.items[book.by_id[row.rule_id].item]
        bodies = responsible(
            item, book.departments, book.town(None if pd.isna(row.town) else row.town)
        )
        assert row.department == bodies.lead.zh, row.rule_id
        assert row.assisting == "、".join(other.zh for other in bodies.assisting), row.rule_id


def test_sentences_are_made_in_the_languages_asked_for(book, town, findings, table):
    english = full_table(findings, town, book, ("en",))
    assert english["reason_zh"].isna().all()
    kept = english.columns.difference(["reason_zh", "lacking_zh"])
    pd.testing.assert_frame_equal(english[kept], table[kept])
    assert full_table(findings, town, book, ())[["reason_zh", "reason_en"]].isna().all(axis=None)
