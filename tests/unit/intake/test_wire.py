"""The wire: what a child says, whole or torn, and the children that go on behind a dead one."""

import io

import pytest

from intake import sandbox, wire
from intake.reading import DeliveredTable, Field, Refusal
from tests.unit.intake.delivery import estates, geojson


def told(*lines):
    return wire.parse(b"".join(lines))


def test_a_refusal_survives_its_journey_word_for_word():
    refusal = Refusal("名.shp", "child.died", "SIGSEGV")
    assert told(wire.refused_line(refusal)).refused == [refusal]
    assert told(wire.ignored_line(refusal)).ignored == [refusal]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"1", b'{"table": {}}', b'{"end"', b"\xff\x00"])
def test_a_torn_line_ends_the_answer(data):
    answer = told(wire.end_line("/0"), data, b"\n", wire.end_line(wire.WHOLE))
    assert answer.finished == {"/0"}


def test_a_large_table_crosses_in_pieces_and_is_taken_whole_or_not_at_all(monkeypatch):
    monkeypatch.setattr(wire, "_PIECE", 3)
    cells = ("甲", b"\xbc\xd7", None, 1, 2.5, True, "乙", "")
    sent = DeliveredTable(
        "a.gpkg", "a", "geopackage", list(range(1, 9)), (Field("名称", cells),), [b"0"] * 8
    )
    lines = list(wire.table_lines(sent))
    assert len(lines) == 3
    (again,) = told(*lines).tables
    assert (list(again.rows), list(again.wkb)) == (list(sent.rows), list(sent.wkb))
    assert list(map(repr, again.fields[0].cells)) == list(map(repr, cells))
    assert told(*lines[:2]).tables == []


def test_ascii_comes_as_text_and_row_numbers_without_gaps_as_a_range():
    for numbers in (range(5, 8), [5, 6, 9]):
        sent = DeliveredTable("a", "a", "dbf", list(numbers), (Field("k", (b"A1", b"", b"\xc0")),))
        (got,) = told(*wire.table_lines(sent)).tables
        assert got.fields[0].cells == ("A1", "", b"\xc0")
        assert got.rows == numbers


def test_the_part_begun_last_is_the_innermost_that_is_open():
    answer = told(
        wire.begin_line("/0", "a.gpkg"),
        wire.begin_line("/0/0", "a.gpkg/甲"),
        wire.end_line("/0/0"),
        wire.begin_line("/0/1", "a.gpkg/乙"),
    )
    assert answer.begun == [("/0", "a.gpkg"), ("/0/1", "a.gpkg/乙")]
    assert answer.finished == {"/0/0"}


class Dying:
    """A runner whose child dies in the parts named, as often as they are begun."""

    def __init__(self, parts, lethal):
        self.parts, self.lethal, self.children = parts, lethal, 0

    def __call__(self, job, *_):
        """Say what the child says."""
        self.children += 1
        stream = io.BytesIO()
        stream.write(wire.begin_line("/0", "a.gpkg"))
        for number, name in enumerate(self.parts):
            part = f"/0/{number}"
            if part in job["skipped"]:
                continue
            stream.write(wire.begin_line(part, f"a.gpkg/{name}"))
            if name in self.lethal:
                return stream.getvalue(), ("child.died", "SIGSEGV")
            table = DeliveredTable("a.gpkg", name, "geopackage", [1], ())
            stream.write(b"".join(wire.table_lines(table)))
            stream.write(wire.end_line(part))
        stream.write(wire.end_line("/0") + wire.end_line(wire.WHOLE))
        return stream.getvalue(), None


@pytest.fixture
def file(tmp_path):
    (tmp_path / "a.gpkg").write_bytes(b"x")
    return tmp_path / "a.gpkg"


@pytest.mark.parametrize("lethal", ["", "甲", "乙", "丙", "甲丙", "甲乙丙"])
def test_a_part_that_kills_its_reader_costs_itself_and_is_named(file, lethal):
    runner = Dying("甲乙丙", lethal)
    reading = sandbox.read(file, runner=runner)
    assert [table.name for table in reading.tables] == [n for n in "甲乙丙" if n not in lethal]
    assert [refusal.member for refusal in reading.refused] == [f"a.gpkg/{n}" for n in lethal]
    assert runner.children == len(lethal) + 1


def test_a_file_in_which_every_part_kills_its_reader_is_given_up(file):
    runner = Dying([str(n) for n in range(50)], {str(n) for n in range(50)})
    reading = sandbox.read(file, runner=runner)
    assert reading.refused[-1] == Refusal("a.gpkg", "child.given_up")
    assert runner.children < 10


@pytest.mark.slow
def test_a_file_that_costs_too_much_time_leaves_the_others_read(tmp_path):
    heavy = '{"type":"FeatureCollection","features":[' + "{}," * 6_000_000 + "{}]}"
    (tmp_path / "b.geojson").write_text(heavy)
    geojson(tmp_path / "a.geojson", estates(2))
    geojson(tmp_path / "c.geojson", estates(3))
    files = [tmp_path / f"{name}.geojson" for name in "abc"]
    reading = sandbox.read(files, limits=sandbox.Limits(cpu_s=2))
    assert [len(table.rows) for table in reading.tables] == [2, 3]
    assert [(one.member, one.rule) for one in reading.refused] == [("b.geojson", "child.too_slow")]
