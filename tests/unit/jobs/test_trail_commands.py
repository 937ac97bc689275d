"""`litong history`, `backup` and `restore`: what they print, and what they do to the district."""

import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from edits import difference
from jobs.cli import app
from store import EntryKind, Signature, open_store

RELEASES = Path(__file__).parents[2] / "fixtures"
WHO = Signature("王工", "2026-01-01T08:00:00+08:00", "改地址", "ab" * 32)


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
    store.apply(difference(now, after), base=now.version, entry=WHO)
    return now.version


def addresses(folder: Path) -> set[str]:
    return set(open_store(folder).read()["estates"]["address"])


@pytest.mark.slow
def test_history_tells_who_when_what_and_from_which_file(tiny_folder: Path) -> None:
    assert litong("history", tiny_folder) == (0, "尚无变更\n")
    moved(tiny_folder, "别处")
    code, out = litong("history", tiny_folder, "--verify")
    assert code == 0
    last = out.splitlines()[1]
    for part in (
        "2",
        WHO.at,
        "王工",
        "导入",
        "小区 E0001：地址",
        "→ 别处",
        "改地址",
        "sha256:abab",
    ):
        assert part in last
    assert "全部记录与写入时一致" in out
    assert "estates E0001: address" in litong("history", tiny_folder, "--lang", "en")[1]


@pytest.mark.slow
def test_a_backup_brings_the_district_back(tiny_folder: Path, tmp_path: Path) -> None:
    moved(tiny_folder, "甲路")
    code, out = litong("backup", tiny_folder, tmp_path / "b.gpkg", "--by", "马工")
    assert (code, "已写入" in out) == (0, True)
    moved(tiny_folder, "乙路")
    assert litong("restore", tiny_folder, tmp_path / "b.gpkg", "--yes", "--by", "马工")[0] == 0
    assert addresses(tiny_folder) == {"甲路"}
    assert open_store(tiny_folder).history()[-1].by == "马工"


@pytest.mark.slow
def test_a_former_version_is_brought_back_by_its_first_digits_or_not_at_all(
    tiny_folder: Path,
) -> None:
    before = moved(tiny_folder, "甲路")
    code, out = litong("restore", tiny_folder, "--version", before[:12], input="n\n")
    assert (code, addresses(tiny_folder)) == (0, {"甲路"})
    assert "未写入任何内容" in out
    litong("restore", tiny_folder, "--version", before[:12], input="y\n")
    assert open_store(tiny_folder).read().version == before
    code, out = litong("restore", tiny_folder, "--version", "没有这个版本", "--yes")
    assert code == 1


def test_a_file_and_a_version_together_or_neither_is_a_mistake(tiny_folder: Path) -> None:
    assert litong("restore", tiny_folder)[0] == 2
    assert litong("restore", tiny_folder, tiny_folder / "x.gpkg", "--version", "a")[0] == 2


@pytest.fixture
def old_folder(tmp_path: Path) -> Path:
    """Return the district of the oldest release that wrote a journal."""
    with ZipFile(RELEASES / "store-0" / "store.zip") as archive:
        archive.extractall(tmp_path / "old")
    return tmp_path / "old" / "district"


def test_upgrade_says_from_which_form_to_which(old_folder: Path, tiny_folder: Path) -> None:
    code, out = litong("upgrade", old_folder, tiny_folder, "--lang", "en", "--by", "马工")
    assert code == 0
    first, second = out.splitlines()
    assert f"{old_folder}: upgraded from schema 0 to 1" in first
    assert f"{tiny_folder}: no journal yet" in second
    assert open_store(tiny_folder).history() == []
    signed = [one.by for one in open_store(old_folder).history() if one.kind == EntryKind.UPGRADE]
    assert set(signed) == {"马工"}
    assert "schema 1 is this build's already" in litong("upgrade", old_folder, "--lang", "en")[1]


def test_upgrade_leaves_a_store_alone_whose_journal_does_not_pass(old_folder: Path) -> None:
    file = old_folder / "district.gpkg"
    with closing(sqlite3.connect(file)) as base, base:
        for (trigger,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'litong_changes'"
        ).fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        (text,) = base.execute("SELECT record FROM litong_changes WHERE seq = 1").fetchone()
        base.execute(
            "UPDATE litong_changes SET record = ? WHERE seq = 1",
            (text.replace("2026-11-25T09", "2026-11-25T10"),),
        )
    before = [entry.digests for entry in open_store(old_folder).history()]
    code, out = litong("upgrade", old_folder)
    assert code == 1
    assert "1" in out
    assert [entry.digests for entry in open_store(old_folder).history()] == before
