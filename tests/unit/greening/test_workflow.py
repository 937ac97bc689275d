"""The life of a site: allowed moves, what events add to the rows, what each changes in them."""

from dataclasses import replace

import pytest

import edits
from geo.errors import DataError
from greening.design import completed
from greening.row_edits import edit_of
from greening.species import read_species
from greening.workflow import (
    BACK,
    MOVES,
    WHOLE_DISTRICT,
    EventKind,
    GreeningEvent,
    Role,
    SiteStatus,
    agreed_rate,
    moves_from,
    newest,
    require_allowed,
    statuses,
)
from layers.greening_sites import STATES
from tests.unit.greening.scene import ESTATE, bed, district, lived, tree

DESIGN = SiteStatus("bed", "design")
AT = "2023-05-04T09:00:00+08:00"
SPECIES = read_species()


def event(kind: EventKind, role: Role = Role.BUREAU, **payload: object) -> GreeningEvent:
    return GreeningEvent("bed", kind, "马工", role, AT, "v1", payload)


def move(to: str, role: Role = Role.BUREAU, at: str = AT) -> GreeningEvent:
    comment = "补种死株" if to in ("design", "rectify") else ""
    return replace(event(EventKind.MOVE, role, to=to, comment=comment), at=at)


def count(planting: str, fate: str, at: str = "2023-09-01T10:00:00+08:00") -> GreeningEvent:
    return replace(event(EventKind.COUNT, Role.TOWN, planting_id=planting, fate=fate), at=at)


PATH = [
    move("checked"),
    move("supplied"),
    move("planted", Role.TOWN, at="2023-05-20T08:00:00+08:00"),
    count("t1", "alive"),
    count("t2", "dead"),
    move("survival", Role.TOWN),
    move("rectify"),
    count("t2", "replanted", at="2023-10-08T10:00:00+08:00"),
    move("survival", Role.TOWN),
    move("accepted"),
]
PLANTINGS = [tree("t1", 5, 4), tree("t2", 9, 4), tree("t3", 13, 4, state="removed")]


def scene(**layers: object):
    return district(
        **{"greening_sites": [bed()], "estates": [ESTATE], "plantings": PLANTINGS} | layers
    )


@pytest.mark.slow
def test_a_site_runs_from_design_to_acceptance_and_its_rows_say_so() -> None:
    after, _ = lived(scene(), *PATH)
    assert after["greening_sites"]["state"].tolist() == ["accepted"]
    rows = after["plantings"].set_index("planting_id")
    known = rows[["state", "planted_date", "is_alive"]].astype(object)
    assert known.where(known.notna(), None).to_numpy().tolist() == [
        ["planted", "2023-05-20", True],
        ["planted", "2023-10-08", True],
        ["removed", None, None],
    ]


@pytest.mark.slow
def test_events_add_to_the_rows_who_decided_on_which_data_and_which_trees_are_new() -> None:
    after, events = lived(scene(), *PATH)
    lives = {"bed": {"t1": True, "t2": True}}
    status = statuses(events, {"bed": "accepted"}, lives)["bed"]
    assert (status.state, status.seen, status.by) == ("accepted", len(PATH), "马工")
    assert status.checked_version == "v1"
    assert status.fates == {"t1": "alive", "t2": "replanted"}
    assert after.version == lived(scene(), *PATH)[0].version  # the same events, the same rows


@pytest.mark.slow
def test_the_rows_decide_where_they_and_the_events_differ() -> None:
    """A former version was brought back, or the layer came in anew, after the events."""
    _, events = lived(scene(), *PATH)
    status = statuses(events, {"bed": "design"}, {"bed": {"t2": False}})["bed"]
    assert (status.state, dict(status.fates)) == ("design", {"t2": "dead"})
    assert status.seen == len(PATH)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES)
@pytest.mark.parametrize("role", Role)
def test_only_the_listed_moves_are_allowed(state: str, to: str, role: Role) -> None:
    status = replace(DESIGN, state=state)
    if MOVES.get((state, to)) is role:
        require_allowed(status, move(to, role))
    else:
        with pytest.raises(DataError, match="no move"):
            require_allowed(status, move(to, role))


@pytest.mark.parametrize(("start", "to"), BACK)
def test_sending_back_needs_a_reason(start: str, to: str) -> None:
    silent = event(EventKind.MOVE, to=to, comment="  ")
    with pytest.raises(DataError, match="a reason is required"):
        require_allowed(replace(DESIGN, state=start), silent)


@pytest.mark.parametrize("state", STATES)
def test_a_design_is_locked_once_its_seedlings_came_until_it_is_sent_back(state: str) -> None:
    status, change = replace(DESIGN, state=state), event(EventKind.CHANGE)
    if state in {"design", "checked", "rectify"}:
        require_allowed(status, change)
    else:
        with pytest.raises(DataError) as refused:
            require_allowed(status, change)
        assert "设计已锁定" in refused.value.zh


def test_an_agreed_protection_names_its_planting_and_what_was_agreed() -> None:
    for lacking in ({"planting_id": "t1"}, {"comment": "设阻根板"}):
        with pytest.raises(DataError):
            require_allowed(DESIGN, event(EventKind.PROTECT, **lacking))
    agreed = event(EventKind.PROTECT, planting_id="t1", comment="与燃气公司商定设阻根板")
    require_allowed(DESIGN, agreed)
    status = statuses([replace(agreed, seq=4)], {"bed": "design"}, {})["bed"]
    assert status.protected == {"t1": "与燃气公司商定设阻根板"}


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
    role: Role, rate: object, reason: str
) -> None:
    whole = SiteStatus(WHOLE_DISTRICT, "")
    with pytest.raises(DataError):
        require_allowed(whole, event(EventKind.RATE, role, rate=rate, comment=reason))
    good = replace(event(EventKind.RATE, rate=0.9, comment="干旱年份"), site_id=WHOLE_DISTRICT)
    require_allowed(whole, good)
    assert agreed_rate([good]) == good
    assert agreed_rate(PATH) is None


def test_a_comment_says_something_and_changes_nothing() -> None:
    with pytest.raises(DataError):
        require_allowed(DESIGN, event(EventKind.COMMENT, comment=""))
    said = event(EventKind.COMMENT, comment="请补充管线探测资料")
    require_allowed(DESIGN, said)
    assert not edit_of(scene(), scene(), said)


def test_a_refused_move_names_the_allowed_ones_in_chinese() -> None:
    with pytest.raises(DataError) as refused:
        require_allowed(DESIGN, move("accepted"))
    assert "自然资源局不能从“设计”转为“验收通过”；可转为：已核查" in refused.value.zh


def test_nothing_can_be_counted_before_it_is_planted() -> None:
    with pytest.raises(DataError, match="nothing is planted"):
        require_allowed(DESIGN, count("t1", "alive"))


@pytest.mark.parametrize(("planting", "fate"), [("t1", "gone"), ("", "alive")])
def test_a_count_without_planting_or_fate_is_refused(planting: str, fate: str) -> None:
    with pytest.raises(DataError, match="a count names"):
        require_allowed(replace(DESIGN, state="planted"), count(planting, fate))


def test_what_a_check_read_of_a_drawing_is_written_into_its_plantings() -> None:
    bare = {"site_id": None, "estate_id": None, "kind": None, "number": None}
    rows = [tree("a", 5, 4, **bare | {"species_id": "LH-乔木-国槐"}), tree("b", 90, 90, **bare)]
    place = scene(plantings=rows)
    after, _ = lived(place, move("checked"))
    read = completed(place, SPECIES)["plantings"].set_index("planting_id")
    kept = after["plantings"].set_index("planting_id")
    assert kept.loc["a", ["site_id", "kind", "species_id"]].tolist() == [
        "bed",
        "tree",
        "sophora_japonica",
    ]
    assert kept.loc["a"].equals(read.loc["a"])
    assert kept.loc["b"].equals(place["plantings"].set_index("planting_id").loc["b"])  # no bed's


def test_a_species_named_is_written_into_every_planting_that_has_its_name() -> None:
    rows = [tree("a", 1, 4, species_id="大槐"), tree("b", 5, 4), tree("c", 9, 4, species_id="大槐")]
    named = event(EventKind.SPECIES, name="大槐", species_id="sophora_japonica")
    edit = edit_of(scene(plantings=rows), scene(plantings=rows), named)
    assert edit.layers["plantings"].changed.tolist() == ["a", "c"]
    assert edit.layers["plantings"].columns == {"species_id": 2}


def test_a_count_of_a_planting_that_is_gone_is_refused() -> None:
    with pytest.raises(DataError, match="no row 'ghost'"):
        edit_of(scene(), scene(), count("ghost", "alive"))


def test_an_event_taken_back_leaves_the_rows_as_they_were() -> None:
    place = scene()
    edit = edit_of(place, place, move("checked"))
    assert edits.apply(edits.apply(place, edit), edit.inverted()).version == place.version


def test_changed_data_after_the_check_is_stale() -> None:
    checked = replace(DESIGN, checked_version="v1")
    assert not checked.is_stale("v1")
    assert checked.is_stale("v2")
    assert not DESIGN.is_stale("v2")


def test_each_role_sees_its_own_moves() -> None:
    assert moves_from("survival", Role.BUREAU) == ("accepted", "rectify")
    assert moves_from("survival", Role.TOWN) == ()


def test_the_newest_event_of_a_site_is_what_an_officer_has_to_have_seen() -> None:
    _, events = lived(scene(), *PATH[:2], first=7)
    assert (newest(events, "bed"), newest(events, "elsewhere")) == (8, 0)
