import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from docx import Document

from exports.minutes import (
    TEMPLATE,
    Minutes,
    minutes_document,
    minutes_docx,
    minutes_table,
    minutes_workbook,
)
from geo.errors import DataError
from programme.opinions import Answer, Noted, Opinion
from rules.book import load_book

AT = "2026-10-01T09:00:00+08:00"
HOSTILE = "=1+1 <b>&{{ 7*7 }}{% raw %} 供热"
OPINION = Opinion(HOSTILE, "housing", "", "B9", "V0.1", "李工", "2026-11-01")


@pytest.fixture(scope="module")
def minutes(tiny_demo):
    tiny = tiny_demo
    book = load_book()
    body = next(iter(book.departments))
    named = tiny["estates"]["estate_id"].iloc[0]
    opinions = (
        Noted(
            1, replace(OPINION, body=body, estate_id=named), 5, "王工", "2026-10-01T09:00:00+08:00"
        ),
        Noted(
            2,
            Opinion("换品牌", "某居民代表", answer=Answer.REJECTED, reason="自选"),
            6,
            "王工",
            AT,
        ),
    )
    return Minutes(tiny, book, opinions, date(2026, 11, 30))


def _rows(docx):
    (table,) = Document(io.BytesIO(docx)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_word_excel_and_json_hold_the_same_rows(minutes):
    head, *rows = _rows(minutes_docx(minutes))
    book = openpyxl.load_workbook(io.BytesIO(minutes_workbook(minutes)))
    sheet = book[book.sheetnames[1]]
    told = [
        dict(zip([c.value for c in sheet[1]], [c.value for c in row], strict=True))
        for row in sheet.iter_rows(min_row=2)
    ]
    documented = minutes_document(minutes)["opinions"]
    words = head.index("意见")
    assert [row[words] for row in rows] == [HOSTILE, "换品牌"]
    assert [one["意见"] for one in told] == [HOSTILE, "换品牌"]
    assert [one["words"] for one in documented] == [HOSTILE, "换品牌"]
    assert [row[head.index("状态")] for row in rows] == ["逾期", "已办结"]
    assert [one["状态"] for one in told] == ["逾期", "已办结"]
    assert [one["state"] for one in documented] == ["late", "settled"]


def test_bodies_and_estates_are_named_and_unknown_ones_stay(minutes):
    table = minutes_table(minutes, "en")
    known = minutes.book.departments[minutes.opinions[0].opinion.body]
    assert table["body"].tolist() == [known.name_en, "某居民代表"]
    assert table["estate_id"].tolist() == [
        minutes.district["estates"]["name"].iloc[0],
        "the whole booklet",
    ]


def test_the_same_opinions_give_the_same_bytes(minutes):
    assert minutes_docx(minutes) == minutes_docx(minutes)
    assert minutes_workbook(minutes) == minutes_workbook(minutes)


def test_without_opinions_the_minutes_say_so(minutes):
    docx = minutes_docx(replace(minutes, opinions=()))
    assert "没有会审意见" in "".join(p.text for p in Document(io.BytesIO(docx)).paragraphs)


def test_an_office_fills_a_template_of_its_own(minutes, tmp_path):
    document = Document()
    document.add_paragraph("共{{ opinions|length }}条，截至{{ as_of }}")
    document.save(tmp_path / "own.docx")
    filled = Document(io.BytesIO(minutes_docx(minutes, "zh", tmp_path / "own.docx")))
    assert filled.paragraphs[0].text == "共2条，截至2026-11-30"


@pytest.mark.parametrize(
    "field",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ opinions.append(1) or opinions.__init__.__globals__ }}",
        "{% for o in opinions %}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_reaches_nothing_but_its_fields(minutes, tmp_path, field):
    document = Document()
    document.add_paragraph(field)
    document.save(tmp_path / "hostile.docx")
    with pytest.raises(DataError, match=r"hostile\.docx"):
        minutes_docx(minutes, "zh", tmp_path / "hostile.docx")


@pytest.mark.parametrize("content", [b"", b"no zip", TEMPLATE.read_bytes()[:2000]])
def test_a_damaged_template_is_named(minutes, tmp_path, content):
    path = tmp_path / "damaged.docx"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"damaged\.docx"):
        minutes_docx(minutes, "zh", path)
