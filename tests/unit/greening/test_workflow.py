"""The life of a site: allowed moves, a chained record, conflicts, replay."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from geo.errors import DataError, StoreError
from greening.record import ConflictError, Record
from greening.workflow import (
    BACK,
    MOVES,
    WHOLE_DISTRICT,
    Draft,
    Event,
    Kind,
    Role,
    Standing,
    agreed_rate,
    broken_link,
    moves_from,
    replay,
    sealed,
)
from layers.greening_sites import STATES

DESIGN = Standing("s1", "design")


def move(to: str, role: Role = Role.BUREAU, **more: object) -> Draft:
    given = {"who": "马工", "at": "2023-05-04T09:00:00+08:00", "data_version": "v1"} | more
    payload = {"to": to, "comment": "补种死株" if to in ("design", "rectify") else ""}
    return Draft(site_id="s1", kind=Kind.MOVE, role=role, payload=payload, **given)


def entry(kind: Kind, role: Role = Role.BUREAU, **payload: object) -> Draft:
    return Draft("s1", kind, "马工", role, "2023-05-04T09:00:00+08:00", "v1", payload)


def count(planting: str, fate: str, **payload: object) -> Draft:
    return Draft(
        site_id="s1",
        kind=Kind.COUNT,
        who="金星镇",
        role=Role.TOWN,
        at="2023-09-01T10:00:00+08:00",
        data_version="v1",
        payload={"planting_id": planting, "fate": fate, **payload},
    )


PATH = [
    move("checked"),
    move("supplied"),
    move("planted", Role.TOWN, at="2023-05-20T08:00:00+08:00"),
    count("t1", "alive"),
    count("t2", "dead"),
    move("survival", Role.TOWN),
    move("rectify"),
    count("t2", "replanted"),
    move("survival", Role.TOWN),
    move("accepted"),
]


def written(record: Record, drafts: list[Draft]) -> list[Event]:
    standing = DESIGN
    events = []
    for draft in drafts:
        events.append(record.append(draft, standing))
        standing = record.standings({"s1": "design"})["s1"]
    return events


def test_a_site_runs_from_design_to_acceptance(tmp_path: Path) -> None:
    record = Record(tmp_path / "r.sqlite")
    written(record, PATH)
    end = record.standings()["s1"]
    assert end.state == "accepted"
    assert end.version == len(PATH)
    assert end.planted_on == "2023-05-20"
    assert end.checked_version == "v1"
    assert end.fates == {"t1": "alive", "t2": "replanted"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES)
@pytest.mark.parametrize("role", Role)
def test_only_the_listed_moves_are_allowed(tmp_path: Path, state: str, to: str, role: Role) -> None:
    record = Record(tmp_path / "r.sqlite")
    if MOVES.get((state, to)) is role:
        assert record.append(move(to, role), replace(DESIGN, state=state)).version == 1
    else:
        with pytest.raises(DataError, match="no move"):
            record.append(move(to, role), replace(DESIGN, state=state))
        assert record.events() == []


@pytest.mark.parametrize(("start", "to"), BACK)
def test_sending_back_needs_a_reason(tmp_path: Path, start: str, to: str) -> None:
    silent = entry(Kind.MOVE, to=to, comment="  ")
    with pytest.raises(DataError, match="a reason is required"):
        Record(tmp_path / "r.sqlite").append(silent, replace(DESIGN, state=start))


@pytest.mark.parametrize("state", STATES)
def test_a_design_is_locked_once_its_seedlings_came_until_it_is_sent_back(
    tmp_path: Path, state: str
) -> None:
    record, seen = Record(tmp_path / "r.sqlite"), replace(DESIGN, state=state)
    change = entry(Kind.CHANGE, changes=[])
    if state in {"design", "checked", "rectify"}:
        assert record.append(change, seen).version == 1
    else:
        with pytest.raises(DataError) as refused:
            record.append(change, seen)
        assert "设计已锁定" in refused.value.zh
        assert record.events() == []


def test_an_agreed_protection_names_its_planting_and_what_was_agreed(tmp_path: Path) -> None:
    record = Record(tmp_path / "r.sqlite")
    for lacking in ({"planting_id": "t1"}, {"comment": "设阻根板"}):
        with pytest.raises(DataError):
            record.append(entry(Kind.PROTECT, **lacking), DESIGN)
    record.append(entry(Kind.PROTECT, planting_id="t1", comment="与燃气公司商定设阻根板"), DESIGN)
    assert record.standings()["s1"].protected == {"t1": "与燃气公司商定设阻根板"}
    assert record.standings()["s1"].state == "design"


@pytest.mark.parametrize(
    ("role", "rate", "reason"),
    [
        (Role.TOWN, 0.9, "干旱"),
        (Role.BUREAU, 1.5, "干旱"),
        (Role.BUREAU, 0.0, "干旱"),
        (Role.BUREAU, "0.9", "干旱"),
        (Role.BUREAU, 0.9, ""),
    ],
)
def test_another_acceptance_rate_is_a_share_the_bureau_gives_a_reason_for(
    tmp_path: Path, role: Role, rate: object, reason: str
) -> None:
    record, whole = Record(tmp_path / "r.sqlite"), Standing(WHOLE_DISTRICT, "")
    draft = replace(entry(Kind.RATE, role, rate=rate, comment=reason), site_id=WHOLE_DISTRICT)
    with pytest.raises(DataError):
        record.append(draft, whole)
    assert agreed_rate(record.events()) is None
    good = replace(entry(Kind.RATE, rate=0.9, comment="干旱年份"), site_id=WHOLE_DISTRICT)
    event = record.append(good, whole)
    assert agreed_rate(record.events()) == event


def test_an_event_cannot_be_replaced_by_inserting_another_in_its_place(tmp_path: Path) -> None:
    """INSERT OR REPLACE removes a row without any UPDATE or DELETE."""
    path = tmp_path / "r.sqlite"
    Record(path).append(move("checked"), DESIGN)
    with closing(sqlite3.connect(path)) as base:
        for same in ("1, 's9', 9, event, previous, 'x'", "9, 's1', 1, event, previous, 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                base.execute(f"INSERT OR REPLACE INTO events SELECT {same} FROM events")  # noqa: S608


def test_a_comment_says_something_and_moves_nothing(tmp_path: Path) -> None:
    record = Record(tmp_path / "r.sqlite")
    with pytest.raises(DataError):
        record.append(entry(Kind.COMMENT, comment=""), DESIGN)
    record.append(entry(Kind.COMMENT, comment="请补充管线探测资料"), DESIGN)
    assert record.standings({"s1": "design"})["s1"].state == "design"


def test_a_refused_move_names_the_allowed_ones_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        Record(tmp_path / "r.sqlite").append(move("accepted"), DESIGN)
    assert "自然资源局不能从“设计”转为“验收通过”；可转为：已核查" in refused.value.zh


def test_nothing_can_be_counted_before_it_is_planted(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing is planted"):
        Record(tmp_path / "r.sqlite").append(count("t1", "alive"), DESIGN)


@pytest.mark.parametrize(("planting", "fate"), [("t1", "gone"), ("", "alive")])
def test_a_count_without_planting_or_fate_is_refused(
    tmp_path: Path, planting: str, fate: str
) -> None:
    with pytest.raises(DataError, match="a count names"):
        Record(tmp_path / "r.sqlite").append(
            count(planting, fate), replace(DESIGN, state="planted")
        )


def test_the_second_of_two_officers_gets_a_conflict_and_keeps_the_draft(tmp_path: Path) -> None:
    record = Record(tmp_path / "r.sqlite")
    first = record.append(move("checked", who="马工"), DESIGN)
    late = move("checked", who="杨工")
    with pytest.raises(ConflictError) as conflict:
        record.append(late, DESIGN)
    assert conflict.value.draft is late
    assert conflict.value.latest == first
    assert "马工" in conflict.value.zh
    assert record.events() == [first]


def test_of_many_officers_at_once_exactly_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    Record(path).append(move("checked"), DESIGN)
    seen = Record(path).standings()["s1"]
    outcomes: list[str] = []

    def officer(name: str) -> None:
        try:
            Record(path).append(move("supplied", who=name), seen)
            outcomes.append("written")
        except ConflictError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=officer, args=(f"o{i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 5 + ["written"]
    assert len(Record(path).events()) == 2


def test_the_record_replays_to_the_same_standing(tmp_path: Path) -> None:
    record = Record(tmp_path / "r.sqlite")
    events = written(record, PATH)
    assert record.events() == events
    assert repr(replay(record.events())) == repr(replay(events))
    again = Record(tmp_path / "again.sqlite")
    assert [e.digest for e in written(again, PATH)] == [e.digest for e in events]


def test_the_record_cannot_be_edited_or_shortened_through_sql(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    written(Record(path), PATH[:2])
    connection = sqlite3.connect(path)
    for statement in ("UPDATE events SET event = ''", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


def test_an_altered_event_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    written(Record(path), PATH[:3])
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER events_no_update")
    connection.execute("UPDATE events SET event = replace(event, '马工', '李工') WHERE seq = 2")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="event 2 was altered"):
        Record(path).events()


@pytest.mark.parametrize(
    "text",
    ["no json", "[]", "{}", '{"kind":"x"}', "null"],
)
def test_an_entry_that_is_no_longer_one_is_named_by_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.sqlite"
    written(Record(path), PATH[:3])
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER events_no_update")
    connection.execute("UPDATE events SET event = ? WHERE seq = 3", (text,))
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="event 3 was altered"):
        Record(path).events()


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"changes": 1},
        {"changes": ["a"]},
        {"changes": [{"planting_id": "a", "before": {}, "after": 1}]},
        {"changes": [{"planting_id": "a", "before": {}, "after": {}, "more": 1}]},
    ],
)
def test_an_entry_that_could_not_be_replayed_is_no_entry(
    tmp_path: Path, payload: dict[str, object]
) -> None:
    path = tmp_path / "r.sqlite"
    draft = replace(PATH[0], kind=Kind.CHANGE, payload=payload)  # its digest is right
    Record(path).append(draft, DESIGN)
    with pytest.raises(StoreError, match="event 1 was altered"):
        Record(path).events()


def test_reading_the_record_leaves_the_file_and_its_folder_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    written(Record(path), PATH[:3])
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    assert len(Record(path).events()) == 3
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_a_dropped_event_breaks_the_chain() -> None:
    first = sealed(PATH[0], "0" * 64, seq=1, version=1)
    second = sealed(PATH[1], first.digest, seq=2, version=2)
    assert broken_link([first, second]) is None
    assert broken_link([second]) == 1


def test_a_file_that_is_no_database_is_a_store_error(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match=r"r\.sqlite"):
        Record(path).events()


def test_changed_data_after_the_check_is_stale() -> None:
    checked = replace(DESIGN, checked_version="v1")
    assert not checked.is_stale("v1")
    assert checked.is_stale("v2")
    assert not DESIGN.is_stale("v2")


def test_hostile_text_is_kept_as_text(tmp_path: Path) -> None:
    record = Record(tmp_path / "r.sqlite")
    hostile = "'); DROP TABLE events; --<script>=1+1{{7*7}}\n\0"
    draft = Draft("s1", Kind.COMMENT, "甲", Role.TOWN, "2023-05-01", "v", {"comment": hostile})
    record.append(draft, DESIGN)
    assert record.events()[0].draft.payload == {"comment": hostile}


def test_each_role_sees_its_own_moves() -> None:
    assert moves_from("survival", Role.BUREAU) == ("accepted", "rectify")
    assert moves_from("survival", Role.TOWN) == ()
