"""Dates of the data: over a town surveyed day by day, a finding is as old as what decided it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import demo
import layers
from layers.district import District
from layers.findings import FAILING
from rules.book import load_book
from rules.evaluate import evaluate
from tests.examples import examples

TODAY = date(2026, 11, 29)
TOWN = demo.district("tiny")
BOOK = load_book(TOWN.overlays)
SEEDS = st.integers(0, 10_000)
DAYS = pd.date_range("2010-01-01", "2026-11-01", freq="7D").strftime("%Y-%m-%d").to_numpy()
ONE_ROW = ("walk", "attribute", "clearance", "age")
"""Ways of measuring by which one row decides where an estate fails."""


def surveyed_by_and_by(seed: int) -> District:
    """Return the town with a day for every row."""
    random = np.random.default_rng(seed)
    frames = {
        name: frame.assign(source_date=random.choice(DAYS, len(frame)))
        for name, frame in TOWN.frames.items()
    }
    return TOWN.with_frames(**frames)


def witnesses(district: District, found: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that name a feature, with the day of that feature."""
    days = {
        (layer, key): day
        for layer, frame in district.frames.items()
        for key, day in zip(frame[layers.ALL[layer].key], frame["source_date"], strict=True)
    }
    named = found[found["witness_id"].notna()].astype({"witness_layer": str, "witness_id": str})
    pairs = zip(named["witness_layer"], named["witness_id"], strict=True)
    return named.assign(day=[days[pair] for pair in pairs])


@given(SEEDS)
@examples(8)
def test_a_finding_is_as_old_as_the_row_that_decided_it(seed):
    district = surveyed_by_and_by(seed)
    found = pd.DataFrame(evaluate(district, BOOK, TODAY).drop(columns="geometry"))
    named = witnesses(district, found)
    dated = named[named["data_date"].notna()]
    assert len(dated)
    assert (dated["data_date"].astype(str) <= dated["day"]).all()
    by = dated["rule_id"].astype(str).map(lambda rule: BOOK.by_id[rule].measure.by)
    one = dated[by.isin(ONE_ROW) & dated["outcome"].isin(FAILING)]
    assert len(one)
    assert (one["data_date"].astype(str) == one["day"]).all()
    years = {layer: age.years for age in BOOK.max_age.values() for layer in age.layers}
    first = [f"{TODAY.year - years.get(layer, 5)}-11-29" for layer in one["witness_layer"]]
    assert (one["is_outdated"] == (one["day"] < pd.Series(first, index=one.index))).all()


@pytest.mark.slow
@given(SEEDS)
@examples(8)
def test_days_change_nothing_but_how_old_findings_are(seed):
    aged = ["data_date", "is_outdated"]
    now, then = (
        pd.DataFrame(evaluate(district, BOOK, TODAY).drop(columns=["geometry", *aged]))
        for district in (TOWN, surveyed_by_and_by(seed))
    )
    pd.testing.assert_frame_equal(now, then)
