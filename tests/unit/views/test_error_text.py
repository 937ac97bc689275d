"""No sentence of a page names a place of the server."""

import os
from pathlib import Path

import pytest

from views import error_text
from views.error_text import without_places


@pytest.mark.parametrize("tail", ["", "/"])
def test_files_of_the_district_are_named_without_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tail: str
) -> None:
    (tmp_path / "利通 区").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "利通 区")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LITONG_DISTRICT", f"link{tail}")
    for folder in ("link", tmp_path / "link", tmp_path / "利通 区"):
        assert without_places(f"{folder}{os.sep}district.gpkg is no database") == (
            "district.gpkg is no database"
        )
        assert without_places(f"{folder}：打不开") == "…：打不开"


def test_a_database_is_named_neither_by_address_nor_by_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LITONG_STORE", "postgresql://planner:secret@db.office.example:5433/litong")
    said = "postgresql+psycopg://planner:***@db.office.example:5433/litong"
    assert without_places(f"{said}: connection to db.office.example failed") == (
        "…: connection to … failed"
    )
    assert without_places(f"{said}：数据库操作未完成（no route）") == (
        "…：数据库操作未完成（no route）"
    )


def test_where_nothing_is_set_a_sentence_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LITONG_DISTRICT", raising=False)
    monkeypatch.delenv("LITONG_STORE", raising=False)
    assert without_places("小区 3 行：/a/b") == "小区 3 行：/a/b"


def test_no_other_module_of_the_pages_turns_an_error_into_a_sentence() -> None:
    own = Path(error_text.__file__)
    found = [
        str(path.relative_to(own.parent))
        for path in own.parent.rglob("*.py")
        if path != own and "error.sentence(" in path.read_text(encoding="utf-8")
    ]
    assert found == []
