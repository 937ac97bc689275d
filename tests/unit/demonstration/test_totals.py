"""What the demonstration district adds up to, against the plan's own figures."""

import numpy as np
import pytest

import demonstration
from demonstration.buildings import SPECIALS
from demonstration.mix import apportion, draw_mix
from demonstration.roster import roster, targets
from demonstration.streams import streams
from plan import load_plan


def test_the_district_meets_the_totals_of_the_plan_exactly(district):
    # 三(二), 四: 20 estates, 55 buildings, 160,200 m2, 1,845 households, 49,000,000 yuan
    estates, buildings = district["estates"], district["buildings"]
    own = buildings[buildings["estate_id"].notna()]
    assert len(estates) == 20
    assert len(own) == 55
    assert estates["households"].sum() == 1845
    assert round(estates["floor_area_m2"].sum(), 2) == 160_200
    assert round(own["floor_area_m2"].sum(), 2) == 160_200
    assert estates["budget_yuan"].sum() == 49_000_000


def test_the_estates_are_those_of_the_plan_in_its_order(district):
    assert district["estates"]["name"].tolist() == list(load_plan("litong-2023").estate_names)


def test_floor_area_is_footprint_by_storeys(district):
    own = district["buildings"].dropna(subset=["estate_id"])
    product = own.geometry.area * own["storeys"].astype(float)
    # areas are written to 0.1 m2, lengths kept to 0.1 mm
    assert (product - own["floor_area_m2"]).abs().max() < 0.15


def test_parts_add_up_to_the_whole_but_at_the_two_estates_that_were_recounted(district):
    estates = district["estates"].set_index("estate_id")
    own = district["buildings"].dropna(subset=["estate_id"]).set_index("building_id")
    by_estate = own.groupby("estate_id")[["households", "floor_area_m2"]].sum()
    assert np.allclose(by_estate["floor_area_m2"], estates["floor_area_m2"], atol=1e-6)
    buildings = by_estate["households"] - estates["households"]
    by_door = district["units"].groupby("building_id")["households"].sum() - own["households"]
    doors = by_door.groupby(own["estate_id"]).sum()
    names = estates["name"]
    # the survey found 4 households fewer at one, and 2 more by the doors of a building at another
    assert names[buildings != 0].to_dict() == {"E07": "裕民小区"}
    assert buildings["E07"] == -4
    assert names[doors != 0].to_dict() == {"E01": "利水南苑"}
    assert doors["E01"] == 2


def test_an_odd_total_comes_from_flats_turned_into_shops_not_from_a_fudge(ground):
    # two flats to a landing: flats are even, 1,845 is not, so 1 or 3 flats are lived in no more
    mix = ground.mix
    assert (mix.flats == 2 * mix.floors * mix.units).all()
    gone = mix.flats - mix.households
    assert gone.sum() in {1, 3}
    assert set(np.unique(gone)) <= {0, 1}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("size", ["tiny", "demo"])
def test_every_size_meets_its_own_targets(size, seed):
    target = targets(size)
    mix = draw_mix(streams(seed)["mix"], roster(size), target, SPECIALS)
    assert len(mix.households) == target.buildings
    assert mix.households.sum() == target.households
    # tenths of a square metre are whole numbers, so that their sum can be asked for exactly
    assert np.rint(mix.floor_area_m2 * 10).sum() == target.floor_area_m2 * 10


def test_shares_of_a_whole_number_add_up_to_it():
    # by hand: 10 in proportion 1:1:1 is 3.33 each, the first gets what is left
    assert apportion(np.array([1.0, 1.0, 1.0]), 10).tolist() == [4, 3, 3]


def test_tiny_has_two_estates_and_every_layer(district):
    tiny = demonstration.build("tiny")
    assert len(tiny["estates"]) == 2
    filled = {name for name, frame in district.frames.items() if len(frame)}
    assert {name for name, frame in tiny.frames.items() if len(frame)} == filled
