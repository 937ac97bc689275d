# ruff: noqa: E501 - headings and rows are written out as they arrive
"""What survey tables mean: headings with qualifiers and units, lines above the table, magnitudes, years."""

import pytest

import layers
from intake.acceptance import accept
from intake.headings import parse, unit_said
from intake.units import conversion, listed
from tests.unit.intake import delivery
from tests.unit.intake.known import FIXTURES, NAMES, answered, asked, delivered, draft, survey

# ---- units ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "own", "factor"),
    [
        ("万m2", "m²", 1e4), ("万㎡", "m²", 1e4), ("百平方米", "m²", 100), ("千㎡", "m²", 1000), ("公顷", "m²", 1e4),
        ("km²", "m²", 1e6), ("平方公里", "m²", 1e6), ("万元", "元", 1e4), ("亿元", "元", 1e8), ("百万元", "元", 1e6),
        ("％", "比例", 0.01), ("‰", "比例", 0.001), ("万户", "户", 1e4), ("万人", "人", 1e4), ("㎜", "m", 0.001),
        ("米", "mm", 1000), ("cm", "mm", 10), ("万", "m²", 1e4), ("层", "层", 1), ("株", "株", 1), ("", "m²", None),
        ("万元/户", "元", None), ("平方米", "元", None), ("户", "人", None), ("住建局", "m²", None), ("m²/户", "m²", None),
    ],
)  # fmt: skip
def test_a_unit_converts_into_what_it_measures_and_into_nothing_else(unit, own, factor):
    assert conversion(unit, own) == (None if factor is None else pytest.approx(factor))


@pytest.mark.parametrize(
    "unit", sorted({c.unit for s in layers.ALL.values() for c in s.columns if c.unit})
)
def test_the_unit_of_every_column_of_ours_is_one(unit):
    assert conversion(unit, unit) == 1


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("diameter_m", ""), ("DIAMETER_M", ""), ("diameter_mm", ""), ("管径_cm", "cm")],
)
def test_the_cut_name_of_a_column_says_no_unit(heading, unit):
    assert unit_said(heading, layers.ALL["pipelines"].column("diameter_mm")) == unit


def test_an_are_of_china_is_a_fifteenth_of_a_hectare():
    assert conversion("亩", "m²") == pytest.approx(10_000 / 15)


def test_a_list_of_units_is_one_only_if_every_part_is():
    assert listed("万元、万平方米") == ("万元", "万平方米")
    assert listed("住建局、万元") == ()


@pytest.mark.parametrize(
    ("heading", "words", "qualifiers", "unit"),
    [
        ("建筑面积（万m2）", "建筑面积", (), "万m2"), ("建筑面积/万㎡", "建筑面积", (), "万m2"),
        ("建筑面积（单位：万平方米）", "建筑面积", (), "万平方米"), ("建筑面积，单位：亩", "建筑面积", (), "亩"),
        ("建筑面积 万㎡", "建筑面积", (), "万m2"), ("总投资[万元]", "总投资", (), "万元"), ("（万元）总投资", "总投资", (), "万元"),
        ("管径mm", "管径", (), "mm"), ("户数（空置）", "户数", ("空置",), ""), ("户数（户，不含商铺）", "户数", ("不含商铺",), "户"),
        ("基本情况/户数(户)", "基本情况户数", (), "户"), ("建筑面积（万", "建筑面积", (), "万"), ("户 数＊", "户数", (), ""),
    ],
)  # fmt: skip
def test_a_heading_is_words_qualifiers_and_a_unit(heading, words, qualifiers, unit):
    found = parse(heading)
    assert (found.words, found.qualifiers, found.unit) == (words, qualifiers, unit)


# ---- headings ---------------------------------------------------------------------------------

OTHER = [
    "非居民户数", "拆迁涉及户数", "户数（空置）", "空置户数", "商业户数", "未改造户数", "户数/其中：租赁", "低保户数",
    "地下建筑面积", "拆除建筑面积", "未改造面积", "占地面积", "绿化面积", "户均面积", "公摊面积", "建筑面积（地下）",
]  # fmt: skip
ASKED = [
    "一期户数", "户数（2022年）", "改造前户数", "改造后/户数", "改造户数", "涉及户数", "户数（不含商铺）", "新增户数",
    "改造前建筑面积", "改造后建筑面积", "面积", "改造面积", "建筑面积（含阳台）", "地上建筑面积", "80岁以上人口", "投资",
]  # fmt: skip
CERTAIN = [
    ("户数", "households"), ("总户数", "households"), ("居民户数", "households"), ("户数（户）", "households"),
    ("基本情况/户数", "households"), ("户数合计", "households"), ("小区总户数", "households"), ("现有户数", "households"),
    ("建筑面积", "floor_area_m2"), ("房屋建筑面积", "floor_area_m2"), ("总建筑面积（㎡）", "floor_area_m2"), ("总投资（元）", "budget_yuan"),
]  # fmt: skip
VALUES = {
    "households": [121, 131],
    "floor_area_m2": [12_100, 12_600],
    "budget_yuan": [3.1e6, 3.2e6],
}


@pytest.mark.parametrize("heading", OTHER)
def test_a_heading_of_something_else_fills_no_column(heading):
    one = draft(survey(["小区名称", heading], [[NAMES[0], 7], [NAMES[1], 9]]))
    assert asked(one) == []
    assert one.headings_left_out == (heading,)
    known = accept(one).accepted
    assert known["households"].isna().all()
    assert known["floor_area_m2"].isna().all()


@pytest.mark.parametrize("heading", ASKED)
def test_a_heading_understood_by_half_is_asked_about(heading):
    one = draft(survey(["小区名称", heading], [[NAMES[0], 1211], [NAMES[1], 1311]]))
    (question,) = one.questions
    assert question.step.startswith("column:")
    assert question.candidates[0].value == heading
    assert question.candidates[0].evidence


@pytest.mark.parametrize(("heading", "column"), CERTAIN)
def test_a_heading_that_only_says_more_of_the_same_is_taken(heading, column):
    rows = [[name, value] for name, value in zip(NAMES, VALUES[column], strict=False)]
    one = draft(survey(["小区名称", heading], rows))
    assert asked(one) == []
    assert accept(one).accepted[column].tolist() == VALUES[column]


def test_a_plain_heading_beside_qualified_ones_is_taken_without_a_question():
    heads = ["小区名称", "户数（空置）", "改造户数", "户数", "拆除面积", "建筑面积"]
    one = draft(survey(heads, [[NAMES[0], 3, 90, 121, 500, 12_100]]))
    assert asked(one) == []
    (row,) = accept(one).accepted.to_dict("records")
    assert (row["households"], row["floor_area_m2"]) == (121, 12_100)


@pytest.mark.parametrize("heads", [["户数", "户数_2"], ["户数", "总户数"], ["总户数", "居民户数"]])
def test_two_headings_of_one_column_are_asked_about_unless_they_say_the_same(heads):
    differ = draft(survey(["小区名称", *heads], [[NAMES[0], 121, 7], [NAMES[1], 131, 8]]))
    assert asked(differ) == ["column:households"]
    alike = draft(survey(["小区名称", *heads], [[NAMES[0], 121, 121], [NAMES[1], 131, 131]]))
    assert asked(alike) == []


def test_a_name_is_never_the_key_of_its_own_layer():
    one = draft(survey(["小区名称", "小区", "户数"], [[NAMES[0], "甲", 121]]))
    assert "estate_id" not in one.mapping


def test_the_end_of_works_may_be_that_of_a_renovation():
    rows = [[NAMES[0], "2022-05", "2023-06"]]
    one = draft(survey(["小区名称", "开工时间", "竣工时间"], rows))
    assert asked(one) == ["column:built_year"]


def test_a_column_without_a_value_competes_with_nobody():
    one = draft(
        survey(["小区名称", "户数", "总户数"], [[NAMES[0], 121, None], [NAMES[1], 131, None]])
    )
    assert asked(one) == []


def test_a_name_left_blank_stays_that_of_the_known_estate():
    table = survey(["小区编号", "小区名称", "户数"], [["E02", None, 131]])
    assert accept(draft(table)).accepted["name"].tolist() == [NAMES[1]]


def test_a_survey_need_not_name_what_its_keys_say():
    receipt = accept(draft(survey(["小区编号", "户数"], [["E02", 131]])))
    assert receipt.accepted["households"].tolist() == [131]


def test_the_estate_of_a_building_is_never_its_name():
    one = draft(
        survey(["小区名称", "楼栋编号", "小区户数", "层数"], [[NAMES[0], "B1", 900, 6]]),
        "buildings",
    )
    assert one.mapping == {"building_id": "楼栋编号", "estate_id": "小区名称", "storeys": "层数"}


# ---- the unit of a column ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "单位：万元、万平方米",
        "（单位：万元，万㎡）",
        "单位:万元 万m2",
        "注：面积单位为万平方米；投资单位为万元",
        "单位：户、万元、万平方米、%",
    ],
)
def test_a_line_beside_the_table_scales_the_columns_that_name_no_unit(line):
    heads = ["小区名称", "户数", "总投资", "建筑面积"]
    one = draft(survey(heads, [[NAMES[0], 121, 310, 1.21]], remarks=("填报单位：住建局", line)))
    assert asked(one) == []
    (row,) = accept(one).accepted.to_dict("records")
    assert (row["households"], row["budget_yuan"], row["floor_area_m2"]) == (121, 3.1e6, 12_100)


def test_a_heading_goes_before_the_line_above_the_table():
    table = survey(
        ["小区名称", "建筑面积（㎡）"], [[NAMES[0], 12_100]], remarks=("单位：万平方米",)
    )
    assert accept(draft(table)).accepted["floor_area_m2"].tolist() == [12_100]


@pytest.mark.parametrize("line", ["单位：亩、万平方米", "单位：万"])
def test_a_line_that_leaves_the_unit_open_is_asked_about(line):
    table = survey(["小区名称", "建筑面积"], [[NAMES[0], 1.21]], remarks=(line,))
    assert asked(draft(table)) == ["unit:floor_area_m2"]


@pytest.mark.parametrize(
    ("heading", "cell", "before"),
    [
        ("建筑面积", 1.21, "12,000 → 1.21"), ("建筑面积（㎡）", 1.21, "12,000 → 1.21"), ("建筑面积（m2）", 1.21, "12,000 → 1.21"),
        ("总投资", 310, "3,000,000 → 310"), ("建筑面积（万㎡）", 12_100, "12,000 → 121,000,000"), ("照明覆盖道路比例（%）", 0.6, "0.6 → 0.006"),
        ("户数（万户）", 121, "120 → 1,210,000"), ("建筑面积（百平方米）", 1.21, "12,000 → 121"), ("总投资（亿元）", 310, "3,000,000 → 31,000,000,000"),
        ("总投资（万元）", 3_100_000, "3,000,000 → 31,000,000,000"),
    ],
)  # fmt: skip
def test_numbers_far_from_what_is_known_are_asked_about_before_they_replace_it(
    heading, cell, before
):
    (question,) = draft(survey(["小区名称", heading], [[NAMES[0], cell]])).questions
    assert question.step.startswith("unit:")
    assert before in question.question.zh


def test_the_unit_that_brings_the_numbers_back_comes_first_and_can_be_chosen():
    one = draft(survey(["小区名称", "建筑面积"], [[NAMES[0], 1.21], [NAMES[1], 1.26]]))
    (question,) = one.questions
    assert question.candidates[0].value in {"万m²", "公顷"}
    receipt = answered(one, {"unit:floor_area_m2": "万m²"})
    assert receipt.accepted["floor_area_m2"].tolist() == [12_100, 12_600]


def test_three_rows_ten_times_too_much_are_asked_about():
    rows = [[name, 1200 + 100 * i] for i, name in enumerate(NAMES[:3])]
    assert asked(draft(survey(["小区名称", "户数"], rows))) == ["unit:households"]


def test_numbers_beyond_what_an_estate_has_are_asked_about_where_nothing_is_known():
    from tests.unit.intake.known import estates  # noqa: PLC0415

    shapes = [shape.buffer(-10) for shape in estates().translate(0, 900)]
    rows = [[f"新{i}", f"N{i}", 1.3] for i in range(5)]
    table = survey(["小区名称", "小区编号", "建筑面积"], rows, geometry=shapes)
    one = draft(table).choose("crs", "EPSG:4544")
    assert asked(one) == ["unit:floor_area_m2"]


@pytest.mark.parametrize(
    ("heading", "cell"), [("地址（米）", "东街12号"), ("停车已调查（㎡）", "是")]
)
def test_a_unit_beside_what_is_no_number_is_not_asked_about(heading, cell):
    assert asked(draft(survey(["小区名称", heading], [[NAMES[0], cell]]))) == []


def test_a_unit_in_every_cell_leaves_nothing_to_ask():
    one = draft(
        survey(
            ["小区名称", "建筑面积（万㎡）"], [[NAMES[0], "12100㎡"], [NAMES[1], "1.26万平方米"]]
        )
    )
    assert asked(one) == []
    assert accept(one).accepted["floor_area_m2"].tolist() == [12_100, 12_600]


# ---- cells ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "year",
    [
        "1990-1995",
        "2000年以前",
        "1998年改造",
        "1990、1995",
        "80年代",
        "1990年代",
        "约1998",
        "1998年后",
        "1990～1995",
        "建于1998",
        "1998/2003",
        "98年",
        "1998-99",
    ],
)
def test_a_year_that_is_no_year_costs_its_row(year):
    receipt = accept(draft(survey(["小区名称", "建成年代"], [[NAMES[0], year], [NAMES[1], 1999]])))
    assert [held.row for held in receipt.quarantined] == [2]
    assert receipt.accepted["built_year"].tolist() == [1999]


@pytest.mark.parametrize(
    "year",
    [
        "1998",
        "1998年",
        "1998-05",
        "1998.5",
        "1998年5月",
        "1998/5/1",
        "1998-05-01 00:00:00",
        "1998年建成",
        "１９９８",
        1998.0,
    ],
)
def test_a_year_however_written_is_that_year(year):
    assert accept(draft(survey(["小区名称", "建成年代"], [[NAMES[0], year]]))).accepted[
        "built_year"
    ].tolist() == [1998]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2023-03-31T16:30:00Z", "2023-04-01"),
        ("2023-03-31 15:59:59+00:00", "2023-03-31"),
        ("2023-03-31T16:30:00.000Z", "2023-04-01"),
        ("2023-03-31T16:30:00+08:00", "2023-03-31"),
        ("2023-03-31T16:30:00", "2023-03-31"),
    ],
)
def test_a_moment_is_dated_at_the_place(moment, day):
    table = survey(["小区名称", "数据日期"], [[NAMES[0], moment]])
    assert accept(draft(table)).accepted["source_date"].tolist() == [day]


PIPES = [
    ("DN200", 200),
    ("Φ200", 200),
    ("φ159", 159),
    ("De110", 110),
    ("dn300", 300),
    ("D108", 108),
    ("200mm", 200),
    ("0.2m", 200),
    ("20cm", 200),
    (200, 200),
]


@pytest.mark.parametrize(("cell", "millimetres"), PIPES)
def test_the_diameter_of_a_pipe_is_read_as_it_is_written(cell, millimetres):
    from shapely import LineString  # noqa: PLC0415

    line = LineString([(604_500, 4_206_300), (604_560, 4_206_300)])
    table = survey(["管线编号", "管线类型", "管径"], [["P1", "供水", cell]], geometry=[line])
    (row,) = accept(draft(table, "pipelines").choose("crs", "EPSG:4544")).accepted.to_dict(
        "records"
    )
    assert (row["kind"], row["diameter_mm"]) == ("JS", millimetres)


@pytest.mark.parametrize(
    "cell", ["200x300", "200*300", "200×300", "DN200/DN150", "2-DN200", "约200"]
)
def test_a_section_is_no_diameter(cell):
    from shapely import LineString  # noqa: PLC0415

    line = LineString([(604_500, 4_206_300), (604_560, 4_206_300)])
    table = survey(["管线编号", "管线类型", "管径"], [["P1", "供水", cell]], geometry=[line])
    receipt = accept(draft(table, "pipelines").choose("crs", "EPSG:4544"))
    assert receipt.quarantined_rows == 1


# ---- files that were taken silently wrong -----------------------------------------------------


def fixture(read, name, layer="estates"):
    delivery = delivered(read(FIXTURES / name), layer)
    return delivery.parts[0].draft, delivery


def test_a_cell_shown_in_percent_is_that_share_whatever_its_heading_says(read):
    one, _ = fixture(read, "1_percent_cells.xlsx")
    found = one.cells["lit_share"]
    assert found == [0.35, 0.8]


def test_a_serial_day_counts_from_the_first_day_of_its_workbook(read):
    one, _ = fixture(read, "2_serial_day_in_1904_workbook.xlsx")
    assert one.cells["source_date"] == ["2023-04-01", "2023-04-01"]


@pytest.mark.parametrize(
    ("name", "area"),
    [("k1_unit_line.xlsx", 12_500), ("k2_00.xlsx", 12_500), ("k2_04.xlsx", 12_500)],
)
def test_units_of_headings_and_lines_scale_the_columns(read, name, area):
    one, _ = fixture(read, name)
    assert asked(one) == []
    assert one.cells["floor_area_m2"] == [area, 9_800]


def test_hundreds_of_square_metres_that_cannot_be_are_asked_about(read):
    one, _ = fixture(read, "k2_08.xlsx")
    assert asked(one) == ["unit:floor_area_m2"]


@pytest.mark.parametrize("name", ["k4_00.xlsx", "k4_03.xlsx"])
def test_other_things_overwrite_nothing(read, name):
    one, _ = fixture(read, name)
    assert set(one.mapping) == {"name"}


def test_a_number_merged_over_rows_is_asked_about_and_can_be_set_apart(read):
    one, _ = fixture(read, "k5_merged_down_numbers.xlsx", "buildings")
    assert "merged" in asked(one)
    assert one.cells["households"] == [120, 120, 120]
    apart = one.choose("merged", "apart")
    assert apart.cells["households"] == [None, None, None]
    assert apart.cells["estate_id"] == ["E01"] * 3
    assert "name" not in apart.mapping


def test_years_in_ranges_and_phrases_are_quarantined(read):
    _, delivery = fixture(read, "k6_years.xlsx")
    assert [held.row for held in delivery.receipts[0].quarantined] == [2, 3]


def test_nominal_diameters_and_the_word_for_water_are_read(read):
    one, _ = fixture(read, "k8_dn.xlsx", "pipelines")
    assert (one.cells["kind"], one.cells["diameter_mm"]) == (["JS"], [200])


def test_two_columns_of_one_name_are_asked_about(read):
    one, _ = fixture(read, "k10_dup_heading.xlsx")
    assert asked(one) == ["column:households"]


@pytest.mark.parametrize("text", ["‰", "500‰", "12.5‰", "2‰ ", "5€", "3°", "±5", "7²"])
def test_a_sign_of_measure_alone_is_no_question_of_encoding(text):
    # ‰ is the byte 89 of Windows-1252: half a character of GBK, and no wrong conversion
    one = draft(survey(["estate_id", "address"], [["E01", text]]))
    assert asked(one) == []
    assert accept(one).accepted["address"].tolist() == [text.strip()]


TWO_ROWS = [
    [["小区名称", "改造前", "改造后"], [None, "户数", "户数"]],
    [["小区名称", "户数", None], [None, "改造前", "改造后"]],
    [["利通区统计表", None, None], ["小区名称", "改造前", "改造后"], [None, "户数", "户数"]],
    [["小区名称", "改造前户数", "改造后户数"]],
]


@pytest.mark.parametrize("heads", TWO_ROWS)
def test_before_and_after_over_one_count_are_asked_about_and_never_mixed(tmp_path, read, heads):
    rows = [[NAMES[0], 121, 118], [NAMES[1], 131, 129]]
    merges = ["A1:C1"] if len(heads) == 3 else []  # the title
    (table,) = read(delivery.workbook(tmp_path / "a.xlsx", [*heads, *rows], merges)).tables
    one = draft(table)
    assert table.read == 2
    (question,) = one.questions
    assert question.step == "column:households"
    after = next(c.value for c in question.candidates if "改造后" in c.value)
    receipt = accept(one.choose("column:households", after))
    assert receipt.accepted["households"].tolist() == [118, 129]


def test_a_row_of_words_without_a_name_is_no_heading_where_words_are_below(tmp_path, read):
    grid = [["小区名称", "联系人"], [None, "张三"], [NAMES[0], "李四"]]
    (table,) = read(delivery.workbook(tmp_path / "a.xlsx", grid)).tables
    assert table.read == 2
