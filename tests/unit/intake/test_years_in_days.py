"""A year in a cell that is formatted as a date shows a day of 1904 to 1909: it is asked about."""

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from intake.acceptance import accept
from intake.values import DAY_ZERO, year_in_day
from tests.unit.intake import delivery
from tests.unit.intake.known import NAMES, asked, draft, survey
from tests.unit.intake.test_lost_whole import _cell, _row
from tests.unit.intake.test_ods_cells import ods

# By hand: 2 days to 1900, 5 x 365 + 1 to 1905, 151 to June, 19 to the 20th: 1998.
SHOWN = [(1998, "1905-06-20"), (1900, "1905-03-14"), (2000, "1905-06-22"), (2023, "1905-07-15")]


def xlsx(path, code="yyyy-mm-dd", *, from_1904=False):
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    book.active.append(["小区名称", "建成年代"])
    book.active.append([NAMES[0], 1998])
    book.active["B2"].number_format = code
    book.save(path)
    return path


def xls(path):
    grid = [["小区名称", "建成年代"], [NAMES[0], 1998]]
    return delivery.xls(path, grid, formats={(1, 1): "yyyy-mm-dd"})


def opened(folder):
    heads = _row(_cell("小区名称"), _cell("建成年代"))
    day = (
        '<table:table-cell office:value-type="date" office:date-value="1905-06-20">'
        "<text:p>1905-06-20</text:p></table:table-cell>"
    )
    return ods(folder, heads + _row(_cell(NAMES[0]), day))


WRITERS = {
    "xlsx": lambda folder: xlsx(folder / "a.xlsx"),
    "a year alone": lambda folder: xlsx(folder / "a.xlsx", 'yyyy"年"'),
    "with a time": lambda folder: xlsx(folder / "a.xlsx", "yyyy/m/d h:mm"),
    "1904": lambda folder: xlsx(folder / "a.xlsx", from_1904=True),
    "xls": lambda folder: xls(folder / "a.xls"),
    "ods": opened,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_year_in_a_cell_of_days_is_asked_about_and_taken_as_its_number(tmp_path, read, write):
    (table,) = read(write(tmp_path)).tables
    one = draft(table)
    assert asked(one) == ["value:built_year"]
    (step,) = one.questions
    assert "其中的数是 1998" in step.candidates[0].evidence[0].zh
    taken = accept(one.choose("value:built_year", "year"))
    assert taken.accepted["built_year"].tolist() == [1998]
    aside = accept(one.choose("value:built_year", "quarantine"))
    assert (len(aside.accepted), aside.quarantined_rows) == (0, 1)


@pytest.mark.parametrize(("year", "day"), SHOWN)
def test_the_number_of_a_day_is_the_year(year, day):
    assert year_in_day(day, DAY_ZERO) == year


@pytest.mark.parametrize(
    "cell", ["1998-06-20", "1905-01-01", "1907-06-20", "1905-02-30", "1998", "1905年", 1905, None]
)
def test_other_cells_are_no_years_in_days(cell):
    assert year_in_day(cell, DAY_ZERO) is None


@given(st.dates())
def test_a_day_is_a_year_in_its_own_calendar_only_if_its_number_is_one(day):
    number = day.toordinal() - 693_594  # ordinal of 1899-12-30
    expected = number if 1900 <= number <= 2100 else None
    assert year_in_day(day.isoformat(), DAY_ZERO) == expected


def test_a_day_that_is_right_is_taken_as_it_is_and_other_years_are_not_asked_about():
    grid = [[NAMES[0], "1905-06-20"], [NAMES[1], "1998-05-01"], [NAMES[2], 1905]]
    one = draft(survey(["小区名称", "建成年代"], grid))
    (step,) = one.questions
    assert [len(step.candidates[0].evidence), "第 2 行" in step.candidates[0].evidence[0].zh] == [
        1,
        True,
    ]
    taken = accept(one.choose("value:built_year", "take"))
    assert taken.accepted["built_year"].tolist() == [1905, 1998, 1905]


def test_a_day_of_the_survey_that_is_a_year_is_asked_about_and_never_a_day_by_its_number():
    one = draft(survey(["小区名称", "户数", "数据日期"], [[NAMES[0], 121, "1905-07-14"]]))
    assert asked(one) == ["value:source_date"]
    values = [offer.value for offer in one.questions[0].candidates]
    assert values == ["take", "quarantine"]


def test_a_corrected_cell_asks_about_the_years_again():
    grid = [[NAMES[0], "1905-06-20"], [NAMES[1], "1905-06-21"]]
    taken = draft(survey(["小区名称", "建成年代"], grid)).choose("value:built_year", "year")
    assert asked(taken.correct(2, "建成年代", "1997")) == ["value:built_year"]
