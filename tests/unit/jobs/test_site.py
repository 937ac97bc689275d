"""`litong site`: where new facilities stand, as files and as a scenario; the district stays."""

import json

import openpyxl
import pytest

from store import open_store, read_district

DAY = ("--as-of", "2026-11-29")


@pytest.mark.slow
def test_an_answer_is_written_in_every_form_and_tried_as_a_scenario(litong, tiny_folder, tmp_path):
    before = open_store(tiny_folder, "").read().version
    outs = [word for name in ("a.json", "a.xlsx", "a.gpkg") for word in ("--out", name)]
    ran = litong(
        "site", tiny_folder, "--kind", "养老服务站", "--count", "1", "--generate", "100",
        *DAY, *outs, "--scenario", "一处",
    )  # fmt: skip
    assert ran.code == 0
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    (site,) = found["sites"]
    assert found["chosen"] == [site["candidate_id"]]
    assert site["candidate_id"] in ran.out
    assert found["households"]["after"] - found["households"]["before"] == site["households"]
    assert (found["status"], found["gap"], found["asked"]["limit_m"]) == ("optimal", 0, 300)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["说明", "选中的位置", "谁由哪处覆盖", "仍未覆盖", "不可用的候选用地"]
    assert (tmp_path / "a.gpkg").read_bytes()[:6] == b"SQLite"
    tried = litong("whatif", tiny_folder, "一处.json", *DAY)
    assert tried.code == 0
    assert "需落实用地" in tried.out
    assert open_store(tiny_folder, "").read().version == before


@pytest.mark.slow
def test_no_answer_ends_with_3_and_names_the_estates(litong, tiny_folder):
    ran = litong("site", tiny_folder, "--kind", "pharmacy", "--objective", "fewest", *DAY)
    names = read_district(tiny_folder)["estates"]["name"]
    assert ran.code == 3
    assert any(name in ran.out for name in names)
    assert "无法满足" in ran.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--kind", "塔楼", "--count", "1"), 1, "没有设施类型"),
        (("--kind", "药店"), 1, "新建处数或资金"),
        (("--kind", "药店", "--count", "1", "--out", "a.pdf"), 2, "扩展名"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(litong, tiny_folder, words, code, said):
    ran = litong("site", tiny_folder, *words)
    assert ran.code == code
    assert said in ran.err
