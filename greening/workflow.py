"""
The life of a greening site: its states, who may move it, and what its events add up to.

Everything here is a pure function of events and rows. `greening.events` reads and writes events in
the district's journal, `greening.row_edits` says what an event changes in the rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from geo.errors import DataError
from layers.greening_sites import STATES
from wording import Text


class Role(StrEnum):
    """Who acts: the bureau checks, supplies and accepts; the town plants and counts."""

    BUREAU = "bureau"
    TOWN = "town"


ROLE_LABELS: Mapping[str, Text] = {
    Role.BUREAU: Text("自然资源局", "natural-resources bureau"),
    Role.TOWN: Text("乡镇", "town"),
}


class EventKind(StrEnum):
    """What an event reports."""

    MOVE = "move"
    COUNT = "count"
    CHANGE = "change"
    PROTECT = "protect"
    RATE = "rate"
    SPECIES = "species"
    COMMENT = "comment"


KIND_LABELS: Mapping[str, Text] = {
    EventKind.MOVE: Text("流转", "move"),
    EventKind.COUNT: Text("成活登记", "survival count"),
    EventKind.CHANGE: Text("设计调整", "change of the design"),
    EventKind.PROTECT: Text("协商保护", "protected by agreement"),
    EventKind.RATE: Text("验收标准", "acceptance rate"),
    EventKind.SPECIES: Text("树种对应", "species named"),
    EventKind.COMMENT: Text("意见", "comment"),
}

WHOLE_DISTRICT = ""
"""The site an entry about all sites is written under."""

FATES: Mapping[str, Text] = {
    "alive": Text("成活", "alive"),
    "dead": Text("死亡", "dead"),
    "replanted": Text("已补栽", "replanted"),
}

MOVES: Mapping[tuple[str, str], Role] = {
    ("design", "checked"): Role.BUREAU,
    ("checked", "checked"): Role.BUREAU,
    ("checked", "design"): Role.BUREAU,
    ("checked", "supplied"): Role.BUREAU,
    ("supplied", "design"): Role.BUREAU,
    ("supplied", "planted"): Role.TOWN,
    ("planted", "survival"): Role.TOWN,
    ("survival", "accepted"): Role.BUREAU,
    ("survival", "rectify"): Role.BUREAU,
    ("rectify", "survival"): Role.TOWN,
}
"""The moves allowed, and who makes them. Checking again is a move of its own."""

OPEN = ("design", "checked", "rectify")
"""States in which the design of a site may still be changed; in all others it is locked."""

BACK = (("checked", "design"), ("supplied", "design"), ("survival", "rectify"))
"""Moves that send a site back; they need a reason."""


@dataclass(frozen=True, slots=True)
class GreeningEvent:
    """
    What an office reports of a site.

    Attributes
    ----------
    site_id : str
        Which site, `WHOLE_DISTRICT` where all are meant.
    kind : EventKind
        What is reported.
    by, role : str, Role
        The officer and the office.
    at : str
        When, ISO 8601.
    data_version : str
        Version of the data the officer saw (`greening.versions`).
    payload : mapping of str to object
        `to`, `from` and `comment` of a move; `planting_id`, `number`, `fate`, `was`, `note` and
        `photo` of a count; `comment`, or `undoes` (the `seq` of the change taken back), of a
        change; `planting_id`, `number` and `comment` of an agreed protection; `rate` and
        `comment` of an acceptance rate; `name` as drawings write it and `species_id` of a species
        named; `comment` of a comment. Plain JSON values.
    seq : int, default 0
        Its place in the district's journal, 0 while it is not written.
    version : str, default ""
        Version of the district after it, "" while it is not written.
    edit : mapping of str to object, default {}
        The rows that it changed, from what to what (`edits.from_document`), where they are few.
    account, known : str, default ""
        As in `store.Signature`.
    """

    site_id: str
    kind: EventKind
    by: str
    role: Role
    at: str
    data_version: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0
    version: str = ""
    edit: Mapping[str, Any] = field(default_factory=dict)
    account: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """
    Where a site is: the state and the fates of its rows, and what its events add to them.

    Attributes
    ----------
    site_id, state : str
        Which site, and its state now.
    seen : int
        `seq` of its newest event: what an officer has to have seen to write the next; 0 if none.
    by, at, comment, data_version : str
        Of the last move.
    checked_version : str
        Version of the data at the last check, "" when never checked.
    fates : mapping of str to str
        `FATES` code by planting id.
    protected : mapping of str to str
        What was agreed, by id of the planting that stays where it is (root barrier, ...).
    """

    site_id: str
    state: str
    seen: int = 0
    by: str = ""
    at: str = ""
    comment: str = ""
    data_version: str = ""
    checked_version: str = ""
    fates: Mapping[str, str] = field(default_factory=dict)
    protected: Mapping[str, str] = field(default_factory=dict)

    def is_stale(self, data_version: str) -> bool:
        """Return whether the data changed after the check (审查后数据已变更)."""
        return bool(self.checked_version) and self.checked_version != data_version


def agreed_rate(events: Iterable[GreeningEvent]) -> GreeningEvent | None:
    """Return the event that set the acceptance rate last, None where the rulebook's holds."""
    set_to = [event for event in events if event.kind is EventKind.RATE]
    return set_to[-1] if set_to else None


def species_named(events: Iterable[GreeningEvent]) -> dict[str, str]:
    """Return the species that officers named, by what drawings write; the last word holds."""
    payloads = [event.payload for event in events if event.kind is EventKind.SPECIES]
    return {payload["name"]: payload["species_id"] for payload in payloads}


def statuses(
    events: Iterable[GreeningEvent],
    states: Mapping[str, str],
    is_alive: Mapping[str, Mapping[str, bool]],
) -> dict[str, SiteStatus]:
    """
    Return where every site is.

    The rows say its state and which plantings live: maps, booklets and exports print them too. Its
    events say who decided so, when, why and on which data.

    Parameters
    ----------
    events : iterable of GreeningEvent
        In order.
    states : mapping of str to str
        State by site id, of the rows.
    is_alive : mapping of str to mapping of str to bool
        Whether it lives by planting id, by site id, of the plantings that were counted.

    Returns
    -------
    dict of str to SiteStatus
        Every site of `states`, sorted by id.
    """
    found = {site: SiteStatus(site, state) for site, state in states.items()}
    for event in events:
        if event.site_id in found:
            found[event.site_id] = _after(found[event.site_id], event)
    return {
        site: replace(found[site], state=states[site], fates=_fates(found[site], is_alive))
        for site in sorted(found)
    }


def _fates(status: SiteStatus, is_alive: Mapping[str, Mapping[str, bool]]) -> dict[str, str]:
    """Return fates as the rows have them; an event tells the replanted among the living."""
    replanted = {planting for planting, fate in status.fates.items() if fate == "replanted"}
    return {
        planting: ("replanted" if planting in replanted else "alive") if lives else "dead"
        for planting, lives in sorted(is_alive.get(status.site_id, {}).items())
    }


def newest(events: Iterable[GreeningEvent], site_id: str) -> int:
    """Return the `seq` of the newest event about a site, 0 if there is none."""
    return max((event.seq for event in events if event.site_id == site_id), default=0)


def _after(status: SiteStatus, event: GreeningEvent) -> SiteStatus:
    payload = event.payload
    status = replace(status, seen=event.seq)
    if event.kind is EventKind.COUNT:
        return replace(status, fates={**status.fates, payload["planting_id"]: payload["fate"]})
    if event.kind is EventKind.PROTECT:
        agreed = {**status.protected, payload["planting_id"]: payload["comment"]}
        return replace(status, protected=dict(sorted(agreed.items())))
    if event.kind is not EventKind.MOVE:
        return status
    to = str(payload["to"])
    return replace(
        status,
        by=event.by,
        at=event.at,
        comment=str(payload.get("comment", "")),
        data_version=event.data_version,
        checked_version=event.data_version if to == "checked" else status.checked_version,
    )


def require_allowed(status: SiteStatus, event: GreeningEvent) -> None:
    """
    Check that `event` may be reported of a site.

    Raises
    ------
    DataError
        Naming the move that is not allowed and those that are, or what a count lacks.
    """
    checks = {
        EventKind.MOVE: _require_move,
        EventKind.COUNT: _require_count,
        EventKind.CHANGE: _require_open,
        EventKind.PROTECT: _require_agreement,
        EventKind.RATE: _require_rate,
        EventKind.SPECIES: _require_species,
        EventKind.COMMENT: _require_comment,
    }
    checks[event.kind](status, event)


_NEEDED: Mapping[EventKind, Mapping[str, type]] = {
    EventKind.MOVE: {"to": str},
    EventKind.COUNT: {"planting_id": str, "fate": str},
    EventKind.CHANGE: {},
    EventKind.PROTECT: {"planting_id": str, "comment": str},
    EventKind.RATE: {"rate": float, "comment": str},
    EventKind.SPECIES: {"name": str, "species_id": str},
    EventKind.COMMENT: {"comment": str},
}


def lacking(event: GreeningEvent) -> list[str]:
    """Return the names that the payload of an event lacks, or has of another type."""
    needed = _NEEDED[event.kind].items()
    return [name for name, kind in needed if not isinstance(event.payload.get(name), kind)]


def moves_from(state: str, role: Role) -> tuple[str, ...]:
    """Return the states `role` may move a site to."""
    return tuple(to for (start, to), who in MOVES.items() if start == state and who is role)


def _require_move(status: SiteStatus, event: GreeningEvent) -> None:
    to = str(event.payload.get("to", ""))
    if MOVES.get((status.state, to)) is event.role:
        if (status.state, to) in BACK:
            _require_comment(status, event)
        return
    allowed = moves_from(status.state, event.role)
    names = [STATES[state] for state in allowed]
    raise DataError(
        f"site {status.site_id}: no move from {status.state} to {to or 'nowhere'} for the "
        f"{event.role}; allowed: {', '.join(allowed) or 'none'}",
        f"绿化点 {status.site_id}：{ROLE_LABELS[event.role].zh}不能从"
        f"“{STATES[status.state].zh}”转为“{STATES.get(to, Text(to, to)).zh}”；"
        f"可转为：{'、'.join(name.zh for name in names) or '无'}",
    )


def _require_count(status: SiteStatus, event: GreeningEvent) -> None:
    if event.payload.get("fate") not in FATES or not event.payload.get("planting_id"):
        raise DataError(
            f"site {status.site_id}: a count names a planting and one of {', '.join(FATES)}",
            f"绿化点 {status.site_id}：成活登记须有栽植编号和成活、死亡或已补栽",
        )
    if status.state not in ("planted", "survival", "rectify"):
        raise DataError(
            f"site {status.site_id} is {status.state}: nothing is planted there to count",
            f"绿化点 {status.site_id} 处于“{STATES[status.state].zh}”，尚无可登记成活的苗木",
        )


def _require_open(status: SiteStatus, event: GreeningEvent) -> None:
    if status.state not in OPEN:
        raise DataError(
            f"site {event.site_id} is {status.state}: its design is locked; send it back first",
            f"绿化点 {event.site_id} 处于“{STATES[status.state].zh}”，设计已锁定；如需调整请先退回",
        )


def _require_agreement(status: SiteStatus, event: GreeningEvent) -> None:
    _require_open(status, event)
    _require_comment(status, event)
    if not event.payload.get("planting_id"):
        raise DataError(
            f"site {event.site_id}: an agreement names a planting",
            f"绿化点 {event.site_id}：协商保护须指明栽植点",
        )


def _require_rate(status: SiteStatus, event: GreeningEvent) -> None:
    rate = event.payload.get("rate")
    if event.role is not Role.BUREAU or not isinstance(rate, float) or not 0 < rate <= 1:
        raise DataError(
            f"acceptance rate: found {rate!r}; expected a share above 0 and up to 1, set by the "
            "bureau",
            f"验收成活率：读到 {rate!r}；应为 0 至 1 之间的比例，由自然资源局设定",
        )
    _require_comment(status, event)


def _require_species(status: SiteStatus, event: GreeningEvent) -> None:
    del status
    if not (event.payload.get("name") and event.payload.get("species_id")):
        raise DataError(
            "a species is named by what the drawing writes and one of the catalogue",
            "树种对应须有图上的写法和目录中的树种",
        )


def _require_comment(status: SiteStatus, event: GreeningEvent) -> None:
    del status
    if not str(event.payload.get("comment", "")).strip():
        raise DataError(
            f"site {event.site_id or '(all)'}: a reason is required",
            f"绿化点 {event.site_id or '（全部）'}：须填写理由",
        )
