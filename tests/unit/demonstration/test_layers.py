"""The layers as tables: they conform, they say that they are invented, and they have gaps."""

import json

import pytest
import shapely

import data
import layers
from layers.facilities import Facility

SURVEYED_IN_PART = {
    "buildings": ["roof_defect_share", "fire_lane_m", "built_year"],
    "units": ["ramp_width_m", "shaft_lane_m", "consent_area_share"],
    "estates": ["lit_share", "transformer_headroom"],
    "pipelines": ["material", "year", "depth_m"],
    "trees": ["diameter_cm", "planted_year"],
}


@pytest.mark.parametrize("layer", layers.SURVEYED)
def test_every_layer_conforms_to_its_spec(district, layer):
    assert layers.ALL[layer].faults(district[layer]) == []


@pytest.mark.parametrize("layer", layers.SURVEYED)
def test_every_row_says_that_it_is_invented(district, layer):
    frame = district[layer]
    assert (frame["provenance"] == "synthetic").all()
    assert frame["source"].str.contains("演示数据").all()
    assert (frame["source_date"] == "2023-03-31").all()


def test_the_district_knows_that_it_is_synthetic(district):
    assert district.is_synthetic
    assert "演示" in district.name


def test_what_is_inferred_of_an_estate_is_said(district):
    estates = district["estates"].set_index("name")
    inferred = estates[estates["source"].str.contains("推断")]
    # 朝阳 is in 朝阳居委会 (胜利镇), 裕民 in 裕西居委会 (金星镇)
    assert inferred["town_id"].to_dict() == {
        "朝阳小区0#": "640302107",
        "朝阳小区36#、37#": "640302107",
        "裕民小区": "640302106",
    }


@pytest.mark.parametrize(
    ("layer", "column"),
    [(layer, column) for layer, names in SURVEYED_IN_PART.items() for column in names],
)
def test_some_values_were_never_surveyed(district, layer, column):
    unknown = district[layer][column].isna().mean()
    assert 0 < unknown < 1


def test_every_kind_of_facility_occurs(district):
    assert set(district["facilities"]["kind"]) == {kind.value for kind in Facility}
    assert {"lot", "street", "charging_station", "ebike_shed"} <= set(district["parking"]["kind"])


def test_what_is_closed_or_only_planned_occurs_too(district):
    assert {"open", "closed", "planned"} == set(district["facilities"]["state"])


def test_no_street_name_is_a_real_one(district):
    names = district["walkways"]["name"].dropna()
    assert names.str.contains("样例|样图").all()
    assert district["facilities"]["name"].str.contains("示例").all()


def test_pipes_carry_the_codes_of_the_survey_standard(district):
    pipes = district["pipelines"]
    assert set(pipes["kind"]) == {"JS", "PS", "RQ", "RL", "DL", "TX"}
    assert set(pipes.loc[pipes["kind"] == "PS", "sub_kind"]) == {"WS", "YS"}
    estate = pipes[pipes["estate_id"].notna()]
    # supply and return: as many heat pipes as two for each other branch
    heat = estate[estate["kind"] == "RL"].groupby("estate_id").size()
    power = estate[estate["kind"] == "DL"].groupby("estate_id").size()
    assert (heat == 2 * power).all()


def test_the_packaged_outlines_are_those_of_the_towns_layer(district):
    features = json.loads(data.read_text("boundaries/litong-towns.geojson"))["features"]
    stored = district["towns"].set_index("town_id").to_crs(4490).geometry
    for feature in features:
        given = shapely.geometry.shape(feature["geometry"])
        mine = stored[feature["properties"]["town_id"]]
        assert shapely.hausdorff_distance(given, mine) < 1e-8  # degrees: a millimetre
        assert "示意" in feature["properties"]["note"]
