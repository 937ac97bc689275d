"""
The life of a greening site: its states, who may move it, and what its record adds up to.

Everything here is a pure function of events: replaying the same events gives the same standing,
byte for byte. Who keeps the events is `greening.record`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from geo.errors import DataError
from layers.greening_sites import STATES
from store import chain
from wording import Text


class Role(StrEnum):
    """Who acts: the bureau checks, supplies and accepts; the town plants and counts."""

    BUREAU = "bureau"
    TOWN = "town"


ROLE_LABELS: Mapping[str, Text] = {
    Role.BUREAU: Text("自然资源局", "natural-resources bureau"),
    Role.TOWN: Text("乡镇", "town"),
}


class Kind(StrEnum):
    """What an event reports."""

    MOVE = "move"
    COUNT = "count"
    CHANGE = "change"
    PROTECT = "protect"
    RATE = "rate"
    SPECIES = "species"
    COMMENT = "comment"


KIND_LABELS: Mapping[str, Text] = {
    Kind.MOVE: Text("流转", "move"),
    Kind.COUNT: Text("成活登记", "survival count"),
    Kind.CHANGE: Text("设计调整", "change of the design"),
    Kind.PROTECT: Text("协商保护", "protected by agreement"),
    Kind.RATE: Text("验收标准", "acceptance rate"),
    Kind.SPECIES: Text("树种对应", "species named"),
    Kind.COMMENT: Text("意见", "comment"),
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
class Draft:
    """
    What someone wants to write down.

    Attributes
    ----------
    site_id : str
        Which site.
    kind : Kind
        What is reported.
    who, role : str, Role
        The officer and the office.
    at : str
        When, ISO 8601.
    data_version : str
        Version of the data the officer saw (`greening.versions`).
    payload : mapping
        `to` and `comment` of a move; `planting_id`, `fate`, `note`, `photo` of a count; `changes`
        of a change; `planting_id` and `comment` of an agreed protection; `rate` and `comment` of
        an acceptance rate; `name` as drawings write it and `species_id` of a species named;
        `comment` of a comment. Plain JSON values.
    """

    site_id: str
    kind: Kind
    who: str
    role: Role
    at: str
    data_version: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """
    A draft that was accepted into the record.

    Attributes
    ----------
    seq : int
        Its place in the record, from 1.
    version : int
        The site's version after it, from 1: what an officer has to have seen to write the next.
    draft : Draft
        What was written.
    previous, digest : str
        SHA-256 of the event before, and of this one with `previous`: the chain.
    """

    seq: int
    version: int
    draft: Draft
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What a site's events add up to.

    Attributes
    ----------
    site_id, state : str
        Which site, and its state now.
    version : int
        Number of its events; 0 when nothing was written yet.
    who, at, comment, data_version : str
        Of the last move.
    checked_version : str
        Version of the data at the last check, "" when never checked.
    planted_on : str
        Date of the move to `planted`, "" before.
    fates : mapping of str to str
        `FATES` code by planting id, the last count of each.
    protected : mapping of str to str
        What was agreed, by id of the planting that stays where it is (root barrier, ...).
    """

    site_id: str
    state: str
    version: int = 0
    who: str = ""
    at: str = ""
    comment: str = ""
    data_version: str = ""
    checked_version: str = ""
    planted_on: str = ""
    fates: Mapping[str, str] = field(default_factory=dict)
    protected: Mapping[str, str] = field(default_factory=dict)

    def is_stale(self, data_version: str) -> bool:
        """Return whether the data changed after the check (审查后数据已变更)."""
        return bool(self.checked_version) and self.checked_version != data_version


def canonical(draft: Draft, *, seq: int, version: int) -> str:
    """Return the one spelling of an event."""
    fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    return chain.canonical(
        fields | {"payload": dict(draft.payload), "seq": seq, "version": version}
    )


def sealed(draft: Draft, previous: str, *, seq: int, version: int) -> Event:
    """Return `draft` as the event that follows the digest `previous`."""
    link = chain.sealed(canonical(draft, seq=seq, version=version), previous)
    return Event(seq, version, draft, previous, link.digest)


def broken_link(events: Sequence[Event]) -> int | None:
    """Return the place of the first event that was altered or does not follow, None if whole."""
    texts = (canonical(e.draft, seq=n, version=e.version) for n, e in enumerate(events, start=1))
    return chain.broken_link(
        chain.Link(text, event.previous, event.digest)
        for text, event in zip(texts, events, strict=True)
    )


def agreed_rate(events: Iterable[Event]) -> Event | None:
    """Return the entry that set the acceptance rate last, None where the rulebook's holds."""
    set_to = [event for event in events if event.draft.kind is Kind.RATE]
    return set_to[-1] if set_to else None


def species_named(events: Iterable[Event]) -> dict[str, str]:
    """Return the species that officers named, by what drawings write; the last word holds."""
    drafts = [event.draft.payload for event in events if event.draft.kind is Kind.SPECIES]
    return {payload["name"]: payload["species_id"] for payload in drafts}


def replay(
    events: Iterable[Event],
    starting: Mapping[str, str] | None = None,
    counted: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Standing]:
    """
    Add events up.

    Parameters
    ----------
    events : iterable of Event
        In order.
    starting : mapping of str to str or None, default None
        State by site id before the record began (the layer's `state`).
    counted : mapping of str to mapping of str to str or None, default None
        Fates by planting id, by site id, before the record began (the layer's `is_alive`).

    Returns
    -------
    dict of str to Standing
        Every site named in either, sorted by id.
    """
    known = counted or {}
    begun = {
        site: Standing(site, state, fates=dict(known.get(site, {})))
        for site, state in (starting or {}).items()
    }
    for event in events:
        site = event.draft.site_id
        begun[site] = _after(begun.get(site, Standing(site, "design")), event)
    return dict(sorted(begun.items()))


def _after(standing: Standing, event: Event) -> Standing:
    draft, payload = event.draft, event.draft.payload
    standing = replace(standing, version=event.version)
    if draft.kind is Kind.COUNT:
        fates = dict(standing.fates) | {payload["planting_id"]: payload["fate"]}
        return replace(standing, fates=dict(sorted(fates.items())))
    if draft.kind is Kind.PROTECT:
        agreed = dict(standing.protected) | {payload["planting_id"]: payload["comment"]}
        return replace(standing, protected=dict(sorted(agreed.items())))
    if draft.kind is not Kind.MOVE:
        return standing
    to = str(payload["to"])
    return replace(
        standing,
        state=to,
        who=draft.who,
        at=draft.at,
        comment=str(payload.get("comment", "")),
        data_version=draft.data_version,
        checked_version=draft.data_version if to == "checked" else standing.checked_version,
        planted_on=draft.at[:10] if to == "planted" else standing.planted_on,
    )


def require_allowed(standing: Standing, draft: Draft) -> None:
    """
    Check that `draft` may follow `standing`.

    Raises
    ------
    DataError
        Naming the move that is not allowed and those that are, or what a count lacks.
    """
    checks = {
        Kind.MOVE: _require_move,
        Kind.COUNT: _require_count,
        Kind.CHANGE: _require_open,
        Kind.PROTECT: _require_agreement,
        Kind.RATE: _require_rate,
        Kind.SPECIES: _require_species,
        Kind.COMMENT: _require_comment,
    }
    checks[draft.kind](standing, draft)


_NEEDED: Mapping[Kind, Mapping[str, type]] = {
    Kind.MOVE: {"to": str},
    Kind.COUNT: {"planting_id": str, "fate": str},
    Kind.CHANGE: {"changes": list},
    Kind.PROTECT: {"planting_id": str, "comment": str},
    Kind.RATE: {"rate": float, "comment": str},
    Kind.SPECIES: {"name": str, "species_id": str},
    Kind.COMMENT: {"comment": str},
}
_OF_CHANGE: Mapping[str, type] = {"planting_id": str, "before": dict, "after": dict}


def require_whole(draft: Draft) -> None:
    """
    Check that a draft read from a file has all that replaying it needs.

    Raises
    ------
    TypeError
        If it has not.
    """
    payload = draft.payload
    whole = all(isinstance(payload.get(name), kind) for name, kind in _NEEDED[draft.kind].items())
    changes = payload.get("changes", []) if draft.kind is Kind.CHANGE else []
    fitting = all(
        isinstance(one, dict)
        and one.keys() == _OF_CHANGE.keys()
        and all(isinstance(one[name], kind) for name, kind in _OF_CHANGE.items())
        for one in changes
    )
    if not (whole and fitting and isinstance(draft.at, str)):
        raise TypeError(draft.kind)


def moves_from(state: str, role: Role) -> tuple[str, ...]:
    """Return the states `role` may move a site to."""
    return tuple(to for (start, to), who in MOVES.items() if start == state and who is role)


def _require_move(standing: Standing, draft: Draft) -> None:
    to = str(draft.payload.get("to", ""))
    if MOVES.get((standing.state, to)) is draft.role:
        if (standing.state, to) in BACK:
            _require_comment(standing, draft)
        return
    allowed = moves_from(standing.state, draft.role)
    names = [STATES[state] for state in allowed]
    raise DataError(
        f"site {standing.site_id}: no move from {standing.state} to {to or 'nowhere'} for the "
        f"{draft.role}; allowed: {', '.join(allowed) or 'none'}",
        f"绿化点 {standing.site_id}：{ROLE_LABELS[draft.role].zh}不能从"
        f"“{STATES[standing.state].zh}”转为“{STATES.get(to, Text(to, to)).zh}”；"
        f"可转为：{'、'.join(name.zh for name in names) or '无'}",
    )


def _require_count(standing: Standing, draft: Draft) -> None:
    if draft.payload.get("fate") not in FATES or not draft.payload.get("planting_id"):
        raise DataError(
            f"site {standing.site_id}: a count names a planting and one of {', '.join(FATES)}",
            f"绿化点 {standing.site_id}：成活登记须有栽植编号和成活、死亡或已补栽",
        )
    if standing.state not in ("planted", "survival", "rectify"):
        raise DataError(
            f"site {standing.site_id} is {standing.state}: nothing is planted there to count",
            f"绿化点 {standing.site_id} 处于“{STATES[standing.state].zh}”，尚无可登记成活的苗木",
        )


def _require_open(standing: Standing, draft: Draft) -> None:
    if standing.state not in OPEN:
        raise DataError(
            f"site {draft.site_id} is {standing.state}: its design is locked; send it back first",
            f"绿化点 {draft.site_id} 处于“{STATES[standing.state].zh}”，设计已锁定；"
            "如需调整请先退回",
        )


def _require_agreement(standing: Standing, draft: Draft) -> None:
    _require_open(standing, draft)
    _require_comment(standing, draft)
    if not draft.payload.get("planting_id"):
        raise DataError(
            f"site {draft.site_id}: an agreement names a planting",
            f"绿化点 {draft.site_id}：协商保护须指明栽植点",
        )


def _require_rate(standing: Standing, draft: Draft) -> None:
    rate = draft.payload.get("rate")
    if draft.role is not Role.BUREAU or not isinstance(rate, float) or not 0 < rate <= 1:
        raise DataError(
            f"acceptance rate: found {rate!r}; expected a share above 0 and up to 1, set by the "
            "bureau",
            f"验收成活率：读到 {rate!r}；应为 0 至 1 之间的比例，由自然资源局设定",
        )
    _require_comment(standing, draft)


def _require_species(standing: Standing, draft: Draft) -> None:
    del standing
    if not (draft.payload.get("name") and draft.payload.get("species_id")):
        raise DataError(
            "a species is named by what the drawing writes and one of the catalogue",
            "树种对应须有图上的写法和目录中的树种",
        )


def _require_comment(standing: Standing, draft: Draft) -> None:
    del standing
    if not str(draft.payload.get("comment", "")).strip():
        raise DataError(
            f"site {draft.site_id or '(all)'}: a reason is required",
            f"绿化点 {draft.site_id or '（全部）'}：须填写理由",
        )
