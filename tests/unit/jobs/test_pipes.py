"""`litong pipes`: what pipes are held against, as files that hold the same, and on the terminal."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import openpyxl
import pikepdf
import pytest

from atlas import section_book
from services.pipe_sections import estate_sections
from store import write_district

DAY = ("--as-of", "2026-11-30")


def test_the_answers_are_written_in_every_form_and_agree(litong, tiny_folder, tmp_path):
    ran = litong(
        "pipes", tiny_folder, *DAY, "--out", "a.json", "--out", "a.xlsx", "--out", "a.gpkg"
    )
    assert ran.code == 0
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    counts, verdicts = found["counts"], [piece["verdict"] for piece in found["pieces"]]
    assert counts["pieces"] == len(verdicts) > 0
    assert {name: verdicts.count(name) for name in set(verdicts)}.items() <= counts.items()
    for verdict in ("short", "verify", "unknown"):
        summed = sum(row[f"rows_{verdict}"] for row in found["summary"])
        assert summed == sum(row["verdict"] == verdict for row in found["open"])
    assert all(row["clause"] and row["verified"] for row in found["open"])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["说明", "汇总", "小区汇总", "工程量", "管段", "逐项核查"]
    assert len(list(book["管段"].rows)) == 2 + len(found["pieces"])
    assert len(list(book["逐项核查"].rows)) == 1 + len(found["open"])
    assert sum(row["pipe_count"] for row in found["estates"]) == counts["pieces"]
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as base:
        rows = {
            name: base.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            for name in ("pipelines", "distances", "places", "layer_styles")
        }
    assert rows["pipelines"] == counts["pieces"]
    assert rows["distances"] + rows["places"] == len(found["open"])
    assert rows["layer_styles"] == 1
    assert "不计入短板" in ran.out


@pytest.mark.slow
def test_where_nobody_looked_for_pipes_is_said_on_a_line_of_its_own(litong, full_demo, tmp_path):
    write_district(full_demo, tmp_path / "district")
    ran = litong("pipes", tmp_path / "district", *DAY)
    assert "\N{REPLACEMENT CHARACTER}" not in ran.out
    (line,) = (line for line in ran.out.splitlines() if "未调查" in line)
    assert line.startswith("管线未调查的小区：")


def test_sections_are_drawn_of_every_estate_with_pipes(litong, tiny_folder, tmp_path):
    ran = litong("pipes", tiny_folder, *DAY, "--out", "a.pdf", "--out", "a.json")
    assert ran.code == 0
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    estates = [row["estate_zh"] for row in found["estates"]]
    with pikepdf.open(tmp_path / "a.pdf") as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert len(pdf.pages) == len(titles)
    assert titles
    assert set(titles) == {name for name in estates if not name.startswith("小区以外")}


@pytest.mark.slow
def test_pipes_without_a_row_on_the_page_go_on_overleaf(litong, tiny_folder, tmp_path, monkeypatch):
    """Rows of 5.2 mm: 13 below the drawing, (75 - 6.2) / 5.2, and 30 on a page of their own."""

    def crowded(found):
        one, *_ = estate_sections(found)
        return [replace(one, cut=(one.cut * 50)[:50])]

    monkeypatch.setattr(section_book, "estate_sections", crowded)
    assert litong("pipes", tiny_folder, *DAY, "--out", "a.pdf").code == 0
    with pikepdf.open(tmp_path / "a.pdf") as pdf, pdf.open_outline() as outline:
        assert len(pdf.pages) == len(outline.root) == 3


def test_the_english_workbook_says_nothing_in_chinese_but_names(litong, tiny_folder, tmp_path):
    assert litong("pipes", tiny_folder, *DAY, "--out", "a.xlsx", "--lang", "en").code == 0
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    heads = [cell.value for sheet in list(book)[1:] for cell in next(sheet.rows)]
    assert all(head.isascii() for head in heads)


@pytest.mark.parametrize("name", ["a.png", "a.docx"])
def test_a_file_of_another_kind_is_refused(litong, tiny_folder, name):
    ran = litong("pipes", tiny_folder, "--out", name)
    assert ran.code == 2
    assert "扩展名" in ran.err
