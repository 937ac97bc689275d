"""A hand-made district and findings: small enough to check by eye, hostile in every text."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import CRS
from shapely import LineString, Polygon

from layers.district import District
from layers.findings import COLUMNS, tidy_findings

HOSTILE = "=1+1"


def _estate(east):
    return Polygon([(east, 0), (east + 100, 0), (east + 100, 100), (east, 100)])


@pytest.fixture(scope="session")
def district():
    """Two estates of 100 m by 100 m in EPSG:4544, invented."""
    estates = gpd.GeoDataFrame(
        {
            "estate_id": ["E1", "E2"],
            "name": [HOSTILE, "裕民小区"],
            "households": [40, None],
            "provenance": "synthetic",
            "source": "by hand",
            "source_date": "2023-04-01",
        },
        geometry=[_estate(600_000), _estate(600_200)],
        crs=4544,
    ).assign(geometry=lambda f: f.geometry.translate(yoff=4_200_000))
    return District.from_frames(
        {"estates": estates}, crs=CRS.from_epsg(4544), name="利通区", name_en="Litong"
    )


def _row(**facts):
    text = {c.name: "x" for c in COLUMNS if c.dtype == "str" and c.required}
    return {
        **text,
        "item_class": "提升类",
        "gap_kind": "elder_care",
        "strength": "recommended",
        "bearing": "binding_existing",
        "verified": "recall",
        "statement": "gap",
        "leads": True,
        "is_marginal": False,
        "is_outdated": False,
        "safety": False,
        "as_of": "2023-04-01",
        "geometry": None,
        "degree": facts["outcome"],
        **facts,
    }


@pytest.fixture(scope="session")
def findings(district):
    """Return a gap with its route, a gap nobody can walk to, a rule met and one not known."""
    route = LineString([(600_050, 4_200_050), (600_050, 4_200_800)])
    rows = [
        _row(
            finding_id="F1",
            estate_id="E1",
            estate=HOSTILE,
            rule_id="elder.walk",
            outcome="short",
            value=750.0,
            op="<=",
            threshold=500.0,
            unit="m",
            severity=0.25,
            failing_members=3,
            members=4,
            exposed_households=36.0,
            reason_zh="{{ 7*7 }}<script>alert(1)</script>",
            geometry=route,
        ),
        _row(
            finding_id="F2",
            estate_id="E2",
            estate="裕民小区",
            rule_id="elder.walk",
            outcome="missing",
            value=np.inf,
            severity=1.0,
            reason_zh="步行" * 200,
        ),
        _row(finding_id="F3", estate_id="E2", outcome="met", rule_id="park.walk", value=-3.5),
        _row(finding_id="F4", estate_id="E1", outcome="unknown", rule_id="charge.car"),
    ]
    return tidy_findings(pd.DataFrame(rows), district)
