"""Hostile files: nothing read outside, nothing fetched, nothing written, a sentence for each."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import layers
from intake import sandbox
from intake.acceptance import accept
from intake.draft import ImportDraft
from intake.origin import TableOrigin
from tests.unit.intake import delivery, hostile_formats, hostile_more
from tests.unit.intake.hostile import DATA, FILES, Lure
from wording.catalogue import catalogue

CANARY = "estate_id,name\n机密-7f3a,do-not-read-me\n"
LIMITS = sandbox.Limits(memory_mb=2048, cpu_s=20, wall_s=40)


@pytest.fixture(scope="module")
def lure(tmp_path_factory) -> Iterator[tuple[Lure, list[object]]]:
    """Leave a secret outside and a server that counts who calls."""
    secret = tmp_path_factory.mktemp("outside") / "secret.csv"
    secret.write_text(CANARY, "utf-8")
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, caller = server.accept()
                except TimeoutError:
                    continue
                callers.append(caller)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield Lure(secret, server.getsockname()[1]), callers
        stop.set()
        thread.join()


def tree(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


assert hostile_more.FEATURE  # their files are registered when they are loaded
assert hostile_formats.GML


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_a_sentence_and_reaches_nothing(tmp_path, read, lure, name):
    hook, callers = lure
    build, rule = FILES[name]
    path = build(tmp_path, hook)
    before = tree(tmp_path) | tree(hook.secret.parent)
    reading = read(path, limits=LIMITS)
    told = [refusal.rule for refusal in reading.refused]
    told += [flaw.rule for table in reading.tables for flaw in (*table.lost, *table.flaws)]
    assert all(found in catalogue() for found in told)
    if rule == DATA:
        assert reading.tables or reading.refused
    else:
        assert rule in told
    for table in reading.tables:
        settled = settle(table)
        receipt = settled if isinstance(settled, _Nowhere) else accept(settled)
        assert receipt.read == len(receipt.accepted) + receipt.quarantined_rows
        assert all(one.reasons[0].sentence.zh for one in receipt.quarantined)
    assert "do-not-read" not in repr(reading)
    assert tree(tmp_path) | tree(hook.secret.parent) == before
    assert hook.secret.read_text("utf-8") == CANARY
    assert callers == []


def settle(table):
    """Take the first candidate of every open question."""
    draft = ImportDraft(
        table, layers.ALL["facilities"], delivery.PLACE, TableOrigin("x", "0" * 64, "2023-04-01")
    )
    draft = draft.choose("crs", "EPSG:4490") if draft.proposal("crs").free else draft
    for question in draft.questions:
        value = question.candidates[0].value if question.candidates else "xy\t编号\t编号"
        if not question.candidates:
            return _Nowhere(table)
        draft = draft.choose(question.step, value)
    return draft


class _Nowhere:
    """A table that nothing places: the page would ask; the rows are still counted."""

    def __init__(self, table):
        self.read = table.read
        self.accepted, self.quarantined_rows, self.quarantined = (), table.read, ()


def test_there_are_more_than_sixty_hostile_files():
    assert len(FILES) >= 60


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["vrt as .geojson", "gpkg VirtualOGR", "zip with Python modules", "xxe file", "xlsx bomb"],
)
def test_the_real_child_says_the_same(tmp_path, lure, name):
    build, rule = FILES[name]
    reading = sandbox.read(build(tmp_path, lure[0]), limits=LIMITS)
    assert rule == DATA or rule in [refusal.rule for refusal in reading.refused]
    assert lure[1] == []
    assert not (lure[0].secret.parent / "written").exists()


def test_nothing_of_the_private_folder_stays_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    (tmp_path / "a.csv").write_text("编号,名称\n1,甲\n", "utf-8")
    sandbox.read(tmp_path / "a.csv")
    assert list((tmp_path / "scratch").iterdir()) == []
