"""`litong lifts`: where lifts fit, as files that hold the same, and on the terminal."""

import json

import openpyxl
import pytest

DAY = ("--as-of", "2026-11-30")


@pytest.mark.slow
def test_the_answers_are_written_in_every_form_and_agree(litong, tiny_folder, tmp_path):
    outs = [word for name in ("a.json", "a.xlsx", "a.gpkg") for word in ("--out", name)]
    ran = litong("lifts", tiny_folder, *DAY, *outs)
    assert ran.code == 0
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    answers = [unit["outcome"] for unit in found["units"] if unit["state"] == "asked"]
    assert found["counts"]["asked"] == len(answers) > 0
    assert sum(n for name, n in found["counts"].items() if name != "asked") == len(answers)
    assert sum(estate["asked"] for estate in found["estates"]) == len(answers)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["说明", "单元", "小区汇总", "迁改工程量", "逐项条件"]
    assert len(list(book["单元"].rows)) == 1 + len(found["units"])
    assert len(list(book["逐项条件"].rows)) == 1 + len(found["conditions"])
    assert (tmp_path / "a.gpkg").read_bytes()[:6] == b"SQLite"
    assert "不计入短板" in ran.out


@pytest.mark.slow
def test_the_english_workbook_says_nothing_in_chinese_but_names(litong, tiny_folder, tmp_path):
    assert litong("lifts", tiny_folder, *DAY, "--out", "a.xlsx", "--lang", "en").code == 0
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    heads = [cell.value for sheet in list(book)[1:] for cell in next(sheet.rows)]
    assert all(head.isascii() or "m²" in head for head in heads)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_a_file_of_another_kind_is_refused(litong, tiny_folder, name):
    ran = litong("lifts", tiny_folder, "--out", name)
    assert ran.code == 2
    assert "扩展名" in ran.err
