"""Values beyond sense are confirmed or set aside, whatever else of the import is agreed to."""

import pandas as pd
import pytest
import shapely

from intake import positions
from intake.acceptance import accept
from intake.draft import ImportDraft
from intake.origin import TableOrigin
from intake.place import PlacePrior
from intake.request import ImportRequest, open_delivery
from layers import ALL
from tests.unit.intake import delivery, known
from tests.unit.intake.known import NAMES, asked, draft, survey

# What is known of the first estate (see `known`): 120 households, 12,000 m², 3 million yuan.


def one(heading, value, name=NAMES[0]):
    return draft(survey(["小区名称", heading], [[name, value]]))


@pytest.mark.parametrize("value", [0, 12, 26, 40, 360, 1200, 12000])
def test_a_threefold_change_of_one_row_is_asked_about(value):
    assert asked(one("户数", value)) in (["value:households"], ["unit:households"])


@pytest.mark.parametrize("value", [115, 120, 121, 123, 180, 300])
def test_an_ordinary_revision_passes_without_a_question(value):
    assert asked(one("户数", value)) == []
    assert accept(one("户数", value)).accepted["households"].tolist() == [value]


def test_the_rows_in_doubt_of_a_column_are_one_question_that_shows_each_pair():
    grid = [[name, 10 * (120 + 10 * i)] for i, name in enumerate(NAMES[:2])]
    (question,) = draft(survey(["小区名称", "户数"], grid)).questions
    assert question.step == "value:households"
    shown = [sentence.zh for sentence in question.candidates[0].evidence]
    assert ["120 → 1,200" in shown[0], "130 → 1,300" in shown[1]] == [True, True]


def test_values_in_doubt_are_taken_or_set_aside_as_chosen():
    doubtful = one("户数", 0)
    taken = accept(doubtful.choose("value:households", "take"))
    assert taken.accepted["households"].tolist() == [0]
    aside = accept(doubtful.choose("value:households", "quarantine"))
    assert (len(aside.accepted), aside.quarantined_rows) == (0, 1)
    assert "120 → 0" in aside.quarantined[0].reasons[0].sentence.zh


def test_another_answer_asks_about_the_values_again():
    doubtful = one("户数", 0).choose("value:households", "take")
    assert asked(doubtful.choose("column:households", "户数")) == ["value:households"]


def test_taking_an_answer_back_asks_about_the_values_again():
    grid = [[NAMES[0], 0, 360]]  # threefold in one column, nothing in the other
    first = draft(survey(["小区名称", "户数", "甲"], grid)).choose("column:households", "甲")
    assert asked(first) == ["value:households"]
    taken = first.choose("value:households", "take")
    assert asked(taken.undo("column:households")) == ["value:households"]
    assert asked(taken.undo("value:households")) == ["value:households"]


def test_values_are_taken_as_confirmed_and_not_as_corrected_later():
    grid = [[NAMES[0], 0], [NAMES[1], 131]]
    doubtful = draft(survey(["小区名称", "户数"], grid))
    taken = doubtful.choose("value:households", "take")
    assert asked(taken.correct(3, "户数", "12")) == ["value:households"]
    assert asked(taken.correct(2, "户数", "121")) == []
    aside = doubtful.choose("value:households", "quarantine").correct(3, "户数", "12")
    assert asked(aside) == []
    assert accept(aside).quarantined_rows == 2


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    "other", [("same:小区甲", "E01"), ("column:households", "户数"), ("key", "小区编号")]
)
def test_values_are_confirmed_beside_any_other_answer_in_any_order(tmp_path, read, other, order):
    grid = [["小区编号", "小区名称", "户数"], ["E01", "小区甲", 0]]
    reading = read(delivery.workbook(tmp_path / "a.xlsx", grid))
    answers = dict([("value:households", "take"), ("conflict", "key"), other][::order])
    request = ImportRequest("2023-04-01", "estates", choices=answers)
    opened = open_delivery(reading, known.district(), request, None)
    assert opened.questions == ()
    assert opened.receipts[0].accepted["households"].tolist() == [0]


@pytest.mark.parametrize(("year", "is_asked"), [(2023, False), (2024, True), (2099, True)])
def test_nothing_was_built_after_the_day_of_the_delivery(year, is_asked):
    assert asked(one("建成年份", year)) == ["value:built_year"] * is_asked  # delivered in 2023


@pytest.mark.parametrize(("day", "is_asked"), [("2023-04-01", False), ("2035-01-01", True)])
def test_nothing_was_surveyed_after_the_day_of_the_delivery(day, is_asked):
    grid = [[NAMES[0], 121, day]]
    assert asked(draft(survey(["小区名称", "户数", "数据日期"], grid))) == (
        ["value:source_date"] * is_asked
    )


NEW = [
    ("buildings", "层数", 60, "storeys"),
    ("buildings", "户数", 5000, "households"),
    ("units", "层数", 80, "storeys"),
    ("pipelines", "敷设年份", 2050, "year"),
    ("trees", "栽植年份", 2050, "planted_year"),
    ("facilities", "班数", 900, "classes"),
    ("parking", "车位数", 40_000, "spaces"),
]


@pytest.mark.parametrize(("layer", "heading", "value", "column"), NEW)
def test_a_new_row_beyond_what_its_column_plausibly_holds_is_asked_about(
    layer, heading, value, column
):
    table = survey(["编号", heading], [["N1", value]], geometry=[shapely.Point(604_500, 4_206_000)])
    found = draft(table, layer).choose(f"column:{column}", heading).choose("crs", "EPSG:4544")
    assert f"value:{column}" in asked(found)


PAIRS = [
    ("户数", 130, "建筑面积", 1300.0),  # 10 m² a household
    ("户数", 270, "人口", 40),
    ("人口", 300, "60岁以上人口", 400),
    ("补植株数", 20, "成活株数", 30),
]


@pytest.mark.parametrize(("first", "one", "second", "other"), PAIRS)
def test_numbers_of_a_row_that_disagree_are_asked_about(first, one, second, other):
    bare = known.estates().drop(columns=["floor_area_m2", "households"])
    place = PlacePrior(known.PLACE.bounds, known.CRS_4544, {"estates": bare})
    table = survey(["小区名称", first, second], [[NAMES[0], one, other]])
    origin = TableOrigin("x", "0" * 64, "2023-04-01")
    assert len(asked(ImportDraft(table, ALL["estates"], place, origin))) == 1


def test_what_disagreed_before_is_not_asked_about_again():
    frame = known.estates().assign(households=1200)  # 10 m² a household, known so
    place = PlacePrior(known.PLACE.bounds, known.CRS_4544, {"estates": frame})
    table = survey(["小区名称", "户数"], [[NAMES[0], 1210]])
    origin = TableOrigin("x", "0" * 64, "2023-04-01")
    assert asked(ImportDraft(table, ALL["estates"], place, origin)) == []


def test_a_table_of_which_nothing_is_understood_changes_nothing():
    table = survey(["小区名称", "低保人家", "商铺几家"], [[NAMES[0], 10, 100]])
    understood_nothing = draft(table)
    assert positions.is_match(understood_nothing.proposal("position").chosen)
    receipt = accept(understood_nothing)
    assert receipt.accepted["source_date"].tolist() == ["2022-01-01"]
    assert any("没有看懂" in note.zh for note in receipt.notes)


def test_a_table_that_brings_less_than_is_known_leaves_date_and_source():
    accepted = accept(one("户数", 121)).accepted
    found = accepted[["source_date", "source"]].to_numpy().tolist()
    assert found == [["2022-01-01", "x"]]


def test_a_table_that_brings_all_that_is_known_dates_the_row():
    heads = ["小区名称", "户数", "建筑面积", "总投资", "照明覆盖道路比例", "建成年份"]
    row = [NAMES[0], 121, 12_100, 3.1e6, 0.65, 1990]
    assert accept(draft(survey(heads, [row]))).accepted["source_date"].tolist() == [
        known.ORIGIN.date
    ]


def test_a_blank_cell_brings_nothing():
    heads = ["小区名称", "户数", "建筑面积", "总投资", "照明覆盖道路比例", "建成年份"]
    row = [NAMES[0], 121, 12_100, 3.1e6, None, 1990]
    assert accept(draft(survey(heads, [row]))).accepted["source_date"].tolist() == ["2022-01-01"]


def test_an_older_table_makes_the_row_older():
    table = survey(["小区名称", "户数"], [[NAMES[0], 121]])
    old = ImportDraft(table, ALL["estates"], known.PLACE, TableOrigin("x", "0" * 64, "2019-05-01"))
    assert accept(old).accepted["source_date"].tolist() == ["2019-05-01"]


def test_a_new_row_has_the_date_of_its_table():
    table = survey(
        ["设施编号", "设施类型"], [["F9", "药店"]], geometry=[shapely.Point(604_700, 4_206_300)]
    )
    found = accept(draft(table, "facilities").choose("crs", "EPSG:4544")).accepted
    assert pd.unique(found["source_date"]).tolist() == [known.ORIGIN.date]


def test_a_row_that_becomes_a_feature_of_its_own_has_the_date_of_its_table():
    beside = draft(survey(["小区名称", "户数"], [[NAMES[0], 121]])).choose("key", "generate")
    assert accept(beside).accepted["source_date"].tolist() == [known.ORIGIN.date]
