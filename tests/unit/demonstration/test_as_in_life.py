"""What a planner looks for on the map: bays on free ground, pipes that meet, faults together."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from demonstration.roster import JINJI
from demonstration.streams import streams
from demonstration.traits import draw_traits
from layers.estates import SURVEYED_WITH

NEVER_SURVEYED = "商业车队家属楼"
TOUCHES_M = 1e-3


@pytest.fixture(scope="module")
def traits(ground):
    return draw_traits(streams(2023)["traits"], ground.entries)


def shapes(frame):
    return np.asarray(frame.geometry.array, dtype=object)


def shared_m2(one, other):
    """Ground that two sets of polygons share, in total."""
    at, near = shapely.STRtree(other).query(one, predicate="intersects")
    return float(shapely.area(shapely.intersection(one[at], other[near])).sum())


def test_bays_stand_on_ground_that_nothing_else_takes(district):
    paving = district["paving"]
    bays = shapes(paving[(paving["kind"] == "parking") & paving["estate_id"].notna()])
    lanes = shapes(paving[(paving["kind"] == "road") & paving["estate_id"].notna()])
    assert len(bays) > 20
    for other in (shapes(district["buildings"]), lanes, shapes(district["green_space"])):
        assert shared_m2(bays, other) < 1e-3


def test_an_estate_has_as_many_bays_as_are_marked_on_its_ground(district):
    paving = district["paving"]
    bays = paving[(paving["kind"] == "parking") & paving["estate_id"].notna()]
    own = district["parking"][district["parking"]["kind"] == "lot"].set_index("estate_id")["spaces"]
    # by hand: a bay is 2.5 m by 5.3 m across a lane, or 6.0 m by 2.2 m along it: 13.2 to 13.3 m2
    marked = (bays.geometry.area.groupby(bays["estate_id"]).sum() / 13.225).round()
    assert (marked == own[marked.index]).all()
    assert set(marked.index) == set(own.index)


def test_places_with_floors_are_behind_the_doors_of_buildings(district):
    places = district["facilities"].dropna(subset=["floor_area_m2"])
    around = district["buildings"][district["buildings"]["estate_id"].isna()]
    outlines = shapely.STRtree(shapely.boundary(shapes(around)))
    _, gap = outlines.query_nearest(shapes(places), return_distance=True, all_matches=False)
    assert gap.max() < TOUCHES_M


def test_mains_of_a_kind_are_one_network_in_the_town(district):
    pipes = district["pipelines"]
    for (kind, sub_kind), mains in pipes[pipes["estate_id"].isna()].groupby(["kind", "sub_kind"]):
        ends = shapely.get_coordinates(shapes(mains)).round(3).reshape(-1, 2, 2)
        graph = nx.Graph((tuple(a), tuple(b)) for a, b in ends.tolist())
        # flow and return of the heating are two networks side by side
        assert nx.number_connected_components(graph) == (2 if kind == "RL" else 1), (kind, sub_kind)


def test_every_pipe_of_an_estate_meets_another_of_its_kind(district):
    pipes = district["pipelines"]
    for kind, own in pipes.groupby("kind"):
        lines = shapes(own)
        tree = shapely.STRtree(lines)
        one, other = tree.query(lines, predicate="dwithin", distance=TOUCHES_M)
        met = np.unique(one[one != other])
        # ducts end where the estate next to them has its cables overhead
        assert len(met) == len(lines) or kind == "TX", kind


def test_house_connections_reach_the_houses(district):
    pipes = district["pipelines"]
    houses = pipes[(pipes["kind"] == "JS") & (pipes["diameter_mm"] == 50)]
    walls = shapely.STRtree(shapely.boundary(shapes(district["buildings"])))
    _, gap = walls.query_nearest(shapes(houses), return_distance=True, all_matches=False)
    assert gap.max() < TOUCHES_M
    surveyed = ~district["units"]["estate_id"].isin(
        district["estates"].loc[
            (district["estates"]["town_id"] == JINJI)
            | (district["estates"]["name"] == NEVER_SURVEYED),
            "estate_id",
        ]
    )
    assert len(houses) == surveyed.sum()


def test_no_pipe_was_surveyed_in_the_outlying_town(district):
    towns = district["towns"].set_index("town_id").geometry
    assert not district["pipelines"].intersects(towns[JINJI]).any()


def test_of_the_estate_that_was_never_surveyed_only_the_plan_and_the_outlines_are_known(district):
    estates = district["estates"].set_index("name")
    known = {"town_id", "address", "built_year", "households", "floor_area_m2", "budget_yuan"}
    known |= {"estate_id", "geometry", "provenance", "source", "source_date"}
    left_out = set(SURVEYED_WITH.values())
    assert set(estates.loc[NEVER_SURVEYED].dropna().index) <= known | left_out
    assert not estates.loc[NEVER_SURVEYED, sorted(left_out)].any()
    own = district["buildings"][
        district["buildings"]["estate_id"] == estates.loc[NEVER_SURVEYED, "estate_id"]
    ]
    assert own["roof_defect_share"].isna().all()
    assert own["storeys"].notna().all()


def test_what_is_counted_agrees_with_what_was_judged_by_eye(district):
    buildings = district["buildings"].dropna(subset=["roof_leaks"])
    assert len(buildings) > 10
    assert ((buildings["roof_leaks"] > 0) == (buildings["roof_defect_share"] > 0)).all()
    estates = district["estates"].dropna(subset=["transformer_kva"])
    headroom = 1 - estates["peak_load_kva"] / estates["transformer_kva"]
    apart = (headroom - estates["transformer_headroom"]).abs()
    assert apart.max() <= 0.5 / 250 + 1e-9  # to whole kVA
    walked = district["estates"].dropna(subset=["signal_points"])
    share = walked["signal_points_ok"] / walked["signal_points"]
    assert (share - walked["signal_share"]).abs().max() <= 0.5 / 12  # of 12 points at least


def test_permits_were_looked_up_where_nothing_illegal_was_found(district):
    estates = district["estates"].set_index("estate_id")
    papers = district["buildings"].dropna(subset=["estate_id", "has_permit"])
    assert (estates.loc[papers["estate_id"].unique(), "illegal_structures"] == 0).all()
    assert (~papers["has_permit"]).sum() == 1


def test_what_a_property_company_keeps_is_for_its_residents(district, traits):
    private = district["facilities"][district["facilities"]["is_public"] == False]  # noqa: E712
    managed = district["estates"]["estate_id"][traits.is_managed]
    assert set(private["estate_id"].dropna()) <= set(managed)
    assert private.loc[private["estate_id"].isna(), "kind"].tolist() == ["meal"]


def test_faults_come_together(district, traits):
    """Roofs, stairs and cables are worse the less an estate is kept, and so with one another."""
    estates = district["estates"]
    buildings, units = district["buildings"], district["units"]
    faults = pd.DataFrame(
        {
            "roof": buildings.groupby("estate_id")["roof_defect_share"].mean(),
            "dark": 1 - units.groupby("estate_id")["lighting_ok"].mean(),
            "cables": estates.set_index("estate_id")["cable_bundles"].astype(float),
            "kept": pd.Series(-traits.upkeep, index=estates["estate_id"]),
        }
    ).dropna()
    together = faults.astype(float).corr(method="spearman")
    assert together.loc["kept"].min() > 0.5
    assert together.to_numpy().min() > 0.25


@pytest.mark.parametrize(
    ("layer", "column", "step"),
    [
        ("buildings", "floor_area_m2", 0.1),
        ("buildings", "roof_defect_share", 0.05),
        ("pipelines", "depth_m", 0.1),
        ("estates", "budget_yuan", 10_000),
        ("estates", "seat_interval_m", 5),
    ],
)
def test_figures_are_as_round_as_people_write_them(district, layer, column, step):
    values = district[layer][column].dropna().to_numpy(dtype=float) / step
    assert np.abs(values - values.round()).max() < 1e-3
