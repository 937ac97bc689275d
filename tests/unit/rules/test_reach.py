"""Who is within reach, on a street worked out by hand."""

from datetime import date

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from layers.district import District
from rules.book import load_book
from rules.context import EvaluationContext
from rules.reach import reach_of_estate, reach_of_kind

FACTS = {"provenance": "surveyed", "source": "s", "source_date": "2026-01-01"}


def frame(rows: list[dict[str, object]], shapes: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame([row | FACTS for row in rows], geometry=shapes, crs="EPSG:4544")


@pytest.fixture(scope="module")
def context() -> EvaluationContext:
    """One street of 1,000 m; doors at 0, 200 and 700 m on it, a gate at 0, a clinic at 500 m."""
    x, y = 597_000.0, 4_209_000.0
    street = shapely.LineString([(x, y), (x + 1000, y)])
    box = [shapely.box(x + a, y + 5, x + a + 20, y + 25) for a in (0, 200, 700)]
    frames = {
        "estates": frame(
            [{"estate_id": f"E{n}", "name": f"{n}号院", "households": 30} for n in range(3)], box
        ),
        "buildings": frame(
            [{"building_id": f"B{n}", "estate_id": f"E{n}", "households": 30} for n in range(3)],
            box,
        ),
        "units": frame(
            [
                {"unit_id": f"U{n}", "building_id": f"B{n}", "estate_id": f"E{n}", "households": 30}
                for n in range(3)
            ],
            [shapely.Point(x + a, y) for a in (0, 200, 700)],
        ),
        "entrances": frame(
            [
                {"entrance_id": "G0", "estate_id": "E0", "state": "open"},
                {"entrance_id": "G1", "estate_id": "E0", "state": "closed"},
            ],
            [shapely.Point(x, y), shapely.Point(x + 900, y)],
        ),
        "walkways": frame([{"walkway_id": "W"}], [street]),
        "facilities": frame(
            [
                {"facility_id": "F", "kind": "health_station", "state": "open"},
                {"facility_id": "P", "kind": "health_station", "state": "planned"},
            ],
            [shapely.Point(x + 500, y), shapely.Point(x, y)],
        ),
    }
    district = District.from_frames(frames, crs=CRS.from_epsg(4544), name="试验区")
    return EvaluationContext(district, load_book(), date(2026, 1, 1))


def test_from_a_gate_the_nearest_doors_come_first(context: EvaluationContext) -> None:
    reach = reach_of_estate(context, "E0", 300)
    # By hand: the doors at 0 and 200 m; the one at 700 m is beyond, the closed gate does not count.
    assert reach.inside["estate_id"].tolist() == ["E0", "E1"]
    assert reach.inside["nearest_m"].tolist() == pytest.approx([0, 200])
    assert reach.households == 60


def test_an_estate_without_a_gate_starts_at_its_doors(context: EvaluationContext) -> None:
    reach = reach_of_estate(context, "E2", 300)
    assert reach.inside["estate_id"].tolist() == ["E2"]


def test_what_is_planned_serves_nobody(context: EvaluationContext) -> None:
    reach = reach_of_kind(context, "health_station", 300)
    # By hand: 500 - 200 = 300 m is still inside, 700 - 500 = 200 m too; the door at 0 m is not.
    assert set(reach.inside["estate_id"]) == {"E1", "E2"}
    assert reach.area.area.iloc[0] > 0


@pytest.mark.parametrize("subject", ["nobody", ""])
def test_what_is_not_there_reaches_nothing(context: EvaluationContext, subject: str) -> None:
    for reach in (reach_of_estate(context, subject, 300), reach_of_kind(context, subject, 300)):
        assert len(reach.inside) == 0
        assert reach.area.is_empty.all()


def test_a_longer_walk_never_reaches_fewer(context: EvaluationContext) -> None:
    counts = [len(reach_of_kind(context, "health_station", m).inside) for m in (100, 300, 500, 900)]
    assert counts == sorted(counts)
