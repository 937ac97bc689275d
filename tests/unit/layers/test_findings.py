"""The findings table and the facility gaps drawn from it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

import layers
from layers.district import District
from layers.findings import COLUMNS, FAILING, Outcome, facility_gaps, is_gap, tidy_findings

GK105 = CRS.from_epsg(4544)


@pytest.fixture
def district():
    """Return one surveyed estate."""
    estate = gpd.GeoDataFrame(
        {
            "estate_id": ["E1"],
            "name": ["甲"],
            "provenance": "surveyed",
            "source": "by hand",
            "source_date": "2023-04-01",
        },
        geometry=[shapely.box(600_000, 4_200_000, 600_100, 4_200_100)],
        crs=4544,
    )
    return District.from_frames({"estates": estate}, crs=GK105, name="试验区")


def _findings(district, *outcomes, **facts):
    text = {c.name: "x" for c in COLUMNS if c.dtype == "str" and c.required}
    rows = [
        {
            **text,
            "finding_id": f"F{i}",
            "estate_id": "E1",
            "outcome": outcome,
            "statement": "gap",
            "leads": True,
            "is_marginal": False,
            "is_outdated": False,
            "safety": False,
            "severity": 0.5,
            "source_title": "标准",
            "clause": "第3条",
            "as_of": "2023-04-01",
            "geometry": None,
            **facts,
        }
        for i, outcome in enumerate(outcomes)
    ]
    return tidy_findings(pd.DataFrame(rows), district)


def test_findings_have_their_columns_typed_in_order(district):
    findings = _findings(district, "met", extra=1)
    assert list(findings) == [*(c.name for c in COLUMNS), "geometry"]
    assert findings.crs == GK105
    assert str(findings["members"].dtype) == "Int64"
    assert findings["value"].isna().all()


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_gap_is_a_failing_finding(district, outcome):
    gaps = facility_gaps(_findings(district, outcome), district)
    assert len(gaps) == (1 if outcome in FAILING else 0)
    assert list(gaps) == [*(c.name for c in layers.ALL["facility_gaps"].columns), "geometry"]


@pytest.mark.parametrize(
    ("statement", "leads", "gaps"),
    [
        ("gap", True, 1),
        ("gap", False, 0),
        ("marginal", True, 0),
        ("yardstick", True, 0),
        ("pending", True, 0),
    ],
)
def test_a_gap_binds_and_leads_its_family(district, statement, leads, gaps):
    findings = _findings(district, "missing", statement=statement, leads=leads)
    assert is_gap(findings).sum() == gaps
    assert len(facility_gaps(findings, district)) == gaps


def test_a_gap_lies_on_its_estate_and_names_its_clause(district):
    (gap,) = facility_gaps(_findings(district, "short"), district).itertuples()
    assert gap.geometry.equals(district["estates"].geometry[0])
    assert gap.clause == "标准 第3条"
    assert gap.provenance == "inferred"


def test_a_gap_of_an_invented_estate_is_invented(district):
    invented = district.with_frames(estates=district["estates"].assign(provenance="synthetic"))
    assert facility_gaps(_findings(invented, "short"), invented)["provenance"][0] == "synthetic"


def test_a_place_nobody_can_walk_to_is_a_gap_without_a_number(district):
    (gap,) = facility_gaps(_findings(district, "missing", value=np.inf), district).itertuples()
    assert pd.isna(gap.value)
