# ruff: noqa: E501 - rows are written out as they arrive
"""Features without a key in the file: by estate and number, and rows that come twice in a file."""

import geopandas as gpd
import pytest
import shapely

import layers
from intake.acceptance import accept
from intake.draft import ImportDraft
from intake.place import PlacePrior
from intake.spelling import is_slip, spelling
from layers.district import District
from tests.unit.intake import known
from tests.unit.intake.delivery import CRS_4544
from tests.unit.intake.known import ORIGIN, asked, survey

SOURCE = {"provenance": "surveyed", "source": "x", "source_date": "2022-01-01"}
SPOTS = [shapely.Point(604_512 + 4 * i, 4_206_020) for i in range(4)]


def _buildings():
    """Return three buildings of the first estate and one of the second, two of them No. 1."""
    first = known.buildings()
    second = first.iloc[:1].assign(building_id="B9", estate_id="E02", name="1号楼")
    second = second.set_geometry(second.geometry.translate(300))
    return gpd.GeoDataFrame(gpd.pd.concat([first, second], ignore_index=True), crs=CRS_4544)


def _units():
    return gpd.GeoDataFrame(
        {
            "unit_id": ["U1", "U2", "U3", "U4"],
            "building_id": ["B1", "B1", "B2", "B9"],
            "estate_id": ["E01", "E01", "E01", "E02"],
            "name": ["1单元", "2单元", "1单元", "1单元"],
            **SOURCE,
        },
        geometry=[*SPOTS[:3], shapely.Point(604_812, 4_206_020)],
        crs=CRS_4544,
    )


def _trees():
    kinds = ["tree", "tree", "shrub", "shrub"]
    ids = ["T1", "T2", "T3", "T4"]
    return gpd.GeoDataFrame({"tree_id": ids, "kind": kinds, **SOURCE}, geometry=SPOTS, crs=CRS_4544)


def _pipelines():
    lines = [shapely.LineString([(604_500, y), (604_590, y)]) for y in (4_206_002, 4_206_004)]
    frame = {"pipe_id": ["P1", "P2"], "kind": ["JS", "RQ"], **SOURCE}
    return gpd.GeoDataFrame(frame, geometry=lines, crs=CRS_4544)


DISTRICT = District.from_frames(
    {
        "estates": known.estates(),
        "buildings": _buildings(),
        "units": _units(),
        "trees": _trees(),
        "pipelines": _pipelines(),
    },
    crs=CRS_4544,
    name="x",
)
PLACE = PlacePrior.of(DISTRICT)


def draft(layer, headings, rows, geometry=()):
    one = ImportDraft(survey(headings, rows, geometry=geometry), layers.ALL[layer], PLACE, ORIGIN)
    return one.choose("crs", "EPSG:4544") if geometry else one


NUMBERS = [
    "3号楼",
    "3＃",
    "3#",
    "03",
    "3幢",
    "3栋",
    "三号楼",
    "第3栋",
    "３#楼",
    "3",
    "3号住宅楼",
    3,
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("estate", ["建行南苑", "建行 南苑", "E01"])
def test_a_building_is_found_by_its_estate_and_number(estate, number):
    one = draft("buildings", ["小区名称", "楼号", "结构"], [[estate, number, "砖混"]])
    assert asked(one) == []
    (row,) = accept(one).accepted.to_dict("records")
    assert (row["building_id"], row["name"], row["structure"]) == ("B3", "3号楼", "砖混")


def test_buildings_of_one_number_are_told_apart_by_their_estates():
    rows = [
        ["建行南苑", "1号楼", "砖混"],
        ["农牧局家属院", "1#", "框架"],
        ["裕民小区", "1号楼", "砖木"],
    ]
    receipt = accept(draft("buildings", ["小区名称", "楼号", "结构"], rows))
    structures = receipt.accepted.set_index("building_id")["structure"].to_dict()
    assert structures == {"B1": "砖混", "B9": "框架"}
    assert [(held.row, held.reasons[0].rule) for held in receipt.quarantined] == [
        (4, "geometry.no_match")
    ]


def test_the_estate_before_the_number_is_said_once():
    one = draft(
        "buildings", ["小区名称", "楼号", "结构"], [["农牧局家属院", "农牧局家属院1号楼", "砖混"]]
    )
    (row,) = accept(one).accepted.to_dict("records")
    assert (row["building_id"], row["name"]) == ("B9", "1号楼")


@pytest.mark.parametrize("number", ["1单元", "一单元", "1", "1#", "１单元", "1 单元"])
def test_a_stair_unit_is_found_by_estate_building_and_number(number):
    headings = ["小区名称", "楼号", "单元名称", "户数"]
    rows = [["建行南苑", "2幢", number, 12], ["农牧局家属院", "1#", number, 10]]
    one = draft("units", headings, rows)
    assert asked(one) == []
    receipt = accept(one)
    households = receipt.accepted.set_index("unit_id")["households"].to_dict()
    assert households == {"U3": 12, "U4": 10}
    assert set(receipt.accepted["name"]) == {"1单元"}


def test_rows_that_name_one_feature_are_called_so():
    rows = [["建行南苑", "1号楼", "砖混"], ["建行南苑", "1#", "框架"]]
    receipt = accept(draft("buildings", ["小区名称", "楼号", "结构"], rows))
    assert [held.reasons[0].rule for held in receipt.quarantined] == ["geometry.many_rows"] * 2


def test_a_number_that_several_buildings_have_is_called_so():
    receipt = accept(draft("buildings", ["楼号", "结构"], [["1号楼", "砖混"], ["2号楼", "框架"]]))
    assert receipt.accepted["building_id"].tolist() == ["B2"]
    assert [held.reasons[0].rule for held in receipt.quarantined] == ["geometry.many_matches"]


RESPELT = [
    ("建行南苑（一期）", "E01"), ("建行南苑小区", "E01"), ("建行南圆", "E01"),
    ("朝阳小区36、37#", "E05"), ("农牧局家属", "E02"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "key"), RESPELT)
def test_nearly_the_name_in_a_table_without_geometry_is_asked_about(name, key):
    one = draft("estates", ["小区名称", "户数"], [["裕民小区", 141], [name, 120]])
    assert asked(one) == ["key"]
    assert key in accept(one.choose("key", "name")).accepted["estate_id"].tolist()
    receipt = accept(one.choose("key", "known"))
    assert receipt.accepted["estate_id"].tolist() == ["E03"]
    (held,) = receipt.quarantined
    assert held.reasons[0].rule == "geometry.no_match"
    assert f"（{key}）" in held.reasons[0].detail


OUTLINE = shapely.box(604_500, 4_206_500, 604_560, 4_206_550)
LINE = shapely.LineString([(604_500, 4_206_500), (604_590, 4_206_520)])
SPOT = shapely.Point(604_600, 4_206_500)
REPEATED = [
    ("estates", ["小区名称"], [["甲小区"], ["甲 小区"]], [OUTLINE, OUTLINE]),
    ("estates", ["小区名称"], [["甲小区"], ["乙苑"]], [OUTLINE, OUTLINE]),
    ("buildings", ["小区名称", "楼号"], [["裕民小区", "3号楼"], ["裕民小区", "3#"]],
     [OUTLINE, shapely.box(604_700, 4_206_500, 604_720, 4_206_550)]),
    ("units", ["小区名称", "楼栋编号", "单元名称"], [["E01", "B3", "1单元"], ["E01", "B3", "一单元"]],
     [SPOT, shapely.Point(604_604, 4_206_500)]),
    ("trees", ["树木编号", "类型"], [["N1", "乔木"], ["N2", "乔木"]], [SPOT, SPOT]),
    ("pipelines", ["管线编号", "管线类型"], [["N1", "供水"], ["N2", "供水"]], [LINE, LINE.reverse()]),
    ("greening_sites", ["绿化点编号", "小区名称", "类型"], [["N1", "E01", "新建"], ["N2", "E01", "新建"]],
     [OUTLINE, OUTLINE]),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "headings", "rows", "geometry"), REPEATED)
def test_a_place_that_a_file_has_twice_is_asked_about_in_every_layer(
    layer, headings, rows, geometry
):
    one = draft(layer, headings, rows, geometry)
    assert asked(one) == ["twice"]
    receipt = accept(one.choose("twice", "first"))
    assert receipt.accepted_rows == (2,)
    assert [held.reasons[0].rule for held in receipt.quarantined] == ["row.twice"]
    assert list(accept(one.choose("twice", "both")).accepted_rows) == [2, 3]


APART = [
    ("trees", ["树木编号", "类型"], [["N1", "乔木"], ["N2", "灌木"]], [SPOT, SPOT]),
    ("pipelines", ["管线编号", "管线类型"], [["N1", "供水"], ["N2", "燃气"]], [LINE, LINE]),
    ("buildings", ["小区名称", "楼号"], [["裕民小区", "3号楼"], ["财政局家属楼", "3号楼"]],
     [OUTLINE, shapely.box(604_700, 4_206_500, 604_720, 4_206_550)]),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "headings", "rows", "geometry"), APART)
def test_what_differs_in_kind_or_parent_is_two(layer, headings, rows, geometry):
    assert asked(draft(layer, headings, rows, geometry)) == []


@pytest.mark.parametrize(
    ("layer", "headings", "row", "shape"),
    [
        ("trees", ["树木编号", "类型"], ["N1", "乔木"], SPOTS[0]),
        ("pipelines", ["管线编号", "管线类型"], ["N1", "供水"], _pipelines().geometry[0]),
        ("units", ["单元编号", "小区名称", "楼栋编号", "单元名称"], ["N1", "E01", "B1", "2 单元"], SPOT),
        ("buildings", ["楼栋编号", "小区名称", "楼号"], ["N1", "E02", "一号楼"], OUTLINE),
    ],
)  # fmt: skip
def test_a_known_feature_under_another_key_is_asked_about_in_every_layer(
    layer, headings, row, shape
):
    one = draft(layer, headings, [row], [shape])
    assert asked(one) == ["key"]
    (key,) = accept(one.choose("key", "name")).accepted.iloc[:, 0]
    assert key in set(DISTRICT[layer].iloc[:, 0])


def test_a_layer_that_comes_back_as_it_is_asks_nothing():
    for layer in ("estates", "buildings", "units", "trees", "pipelines"):
        frame = DISTRICT[layer]
        spec = layers.ALL[layer]
        names = [c.name for c in spec.own_columns if frame[c.name].notna().any()]
        rows = frame[names].astype(object).to_numpy().tolist()
        one = draft(layer, names, rows, list(frame.geometry))
        assert asked(one) == [], layer
        assert len(accept(one).accepted) == len(frame)


SPELT_ALIKE = [
    ("三号楼", "3号楼"), ("十二幢", "12栋"), ("二十三号楼", "23#"), ("二〇三", "203"), ("壹单元", "1单元"),
    ("３６＃、３７＃", "36号楼、37号楼"), ("03", "3"), ("第3栋", "3号楼"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SPELT_ALIKE)
def test_numerals_and_words_for_blocks_are_spellings(one, other):
    assert spelling(one) == spelling(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("建行南苑", "建行北苑"),
        ("1号楼", "2号楼"),
        ("财政局家属楼", "财政局家属楼（一期）"),
        ("甲", "乙"),
    ],
)
def test_what_tells_places_apart_is_no_slip(one, other):
    assert not is_slip(one, other)
