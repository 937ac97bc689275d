"""`litong history`, `backup` and `restore`: what they print, and what they do to the district."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import demo
from jobs.cli import app
from store import Entry, open_store, write_district

WHO = Entry("王工", "2026-01-01T08:00:00+08:00", "改地址", "ab" * 32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_district(demo.build("tiny").district, tmp_path / "d")
    return tmp_path / "d"


def litong(*words: object, **more: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], **more)  # type: ignore[arg-type]
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def moved(folder: Path, address: str) -> str:
    """Change every address; return the version before."""
    store = open_store(folder)
    now = store.read()
    after = now.with_frames(estates=now["estates"].assign(address=address))
    store.apply(after, base=now, entry=WHO)
    return now.version


def addresses(folder: Path) -> set[str]:
    return set(open_store(folder).read()["estates"]["address"])


def test_history_tells_who_when_what_and_from_which_file(folder: Path) -> None:
    assert litong("history", folder) == (0, "尚无变更\n")
    moved(folder, "别处")
    code, out = litong("history", folder, "--verify")
    assert code == 0
    last = out.splitlines()[1]
    for part in ("2", WHO.at, "王工", "导入", "小区 增 0 改 2 删 0", "改地址", "sha256:abab"):
        assert part in last
    assert "全部记录与写入时一致" in out
    assert "0 added, 2 changed, 0 removed" in litong("history", folder, "--lang", "en")[1]


def test_a_backup_brings_the_district_back(folder: Path, tmp_path: Path) -> None:
    moved(folder, "甲路")
    code, out = litong("backup", folder, tmp_path / "b.gpkg", "--by", "马工")
    assert (code, "已写入" in out) == (0, True)
    moved(folder, "乙路")
    assert litong("restore", folder, tmp_path / "b.gpkg", "--yes", "--by", "马工")[0] == 0
    assert addresses(folder) == {"甲路"}
    assert open_store(folder).history()[-1].by == "马工"


def test_a_former_version_is_brought_back_by_its_first_digits_or_not_at_all(folder: Path) -> None:
    before = moved(folder, "甲路")
    code, out = litong("restore", folder, "--version", before[:12], input="n\n")
    assert (code, addresses(folder)) == (0, {"甲路"})
    assert "未写入任何内容" in out
    litong("restore", folder, "--version", before[:12], input="y\n")
    assert open_store(folder).read().version == before
    code, out = litong("restore", folder, "--version", "没有这个版本", "--yes")
    assert code == 1


def test_a_file_and_a_version_together_or_neither_is_a_mistake(folder: Path) -> None:
    assert litong("restore", folder)[0] == 2
    assert litong("restore", folder, folder / "x.gpkg", "--version", "a")[0] == 2
