"""Tiles of a district: the same estates again, whole in themselves and joined by their streets."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

import demo
import layers
from demo.tiling import tiled
from layers.district import District
from rules.book import load_book
from rules.evaluate import evaluate

COPIES = 5  # three columns, two rows, the last not full


@pytest.fixture(scope="module")
def tiles(tiny_demo) -> District:
    return tiled(tiny_demo, COPIES)


def test_one_copy_is_the_district_itself(tiny_demo):
    assert tiled(tiny_demo, 1).version == tiny_demo.version


def test_what_nobody_looked_at_in_the_district_nobody_looked_at_in_its_copies(tiny_demo):
    less = replace(
        tiny_demo,
        surveyed=tiny_demo.surveyed - {"trees"},
        surveyed_kinds=tiny_demo.surveyed_kinds - {"kindergarten"},
    )
    copies = tiled(less, 2)
    assert copies.surveyed == less.surveyed
    assert copies.surveyed_kinds == less.surveyed_kinds


@pytest.mark.parametrize("layer", [name for name in layers.SURVEYED if name != "towns"])
def test_every_copy_has_every_row_once(tiny_demo, tiles, layer):
    key = layers.ALL[layer].key
    joins = 5 if layer == "walkways" else 0  # by hand: 3 beside one another, 2 above
    assert len(tiles[layer]) == COPIES * len(tiny_demo[layer]) + joins
    assert tiles[layer][key].is_unique
    assert set(tiny_demo[layer][key]) <= set(tiles[layer][key])


def test_a_town_is_one_row_in_several_parts(tiny_demo, tiles):
    assert tiles["towns"]["town_id"].tolist() == tiny_demo["towns"]["town_id"].tolist()
    assert (tiles["towns"].geometry.count_geometries() == COPIES).all()
    ratio = tiles["towns"].geometry.area / tiny_demo["towns"].geometry.area
    assert ratio.to_numpy() == pytest.approx(COPIES)


def test_buildings_of_a_copy_belong_to_its_estates_and_lie_in_them(tiles):
    estates = tiles["estates"].set_index("estate_id").geometry
    own = tiles["buildings"].dropna(subset=["estate_id"])
    assert own.geometry.within(estates.loc[own["estate_id"]].set_axis(own.index)).all()


def test_the_streets_of_all_copies_are_one_network(tiles):
    assert tiles.network.components == 1


@pytest.mark.slow
def test_every_copy_is_found_what_the_district_is_found(tiny_demo, tiles):
    """Second method: the findings of a copy are those of the district, under its own ids."""
    book, day = load_book(overlays=tiny_demo.overlays), date(2023, 4, 1)
    one, all_ = (evaluate(place, book, day) for place in (tiny_demo, tiles))
    facts = ["rule_id", "outcome", "value"]
    for number in range(1, COPIES + 1):
        ids = tiny_demo["estates"]["estate_id"] + ("" if number == 1 else f"-{number:03d}")
        copy = all_[all_["estate_id"].isin(ids)]
        pd.testing.assert_frame_equal(
            copy[facts].reset_index(drop=True), one[facts].reset_index(drop=True), rtol=1e-6
        )


@pytest.mark.stress
def test_stress_is_a_hundred_times_the_plan():
    district = demo.district("stress")
    own = district["buildings"].dropna(subset=["estate_id"])
    assert (len(district["estates"]), len(own)) == (2_000, 5_500)
    assert district["estates"]["households"].sum() == 184_500
    assert district["estates"]["name"].is_unique
    assert district.network.components == 1
