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


class Role(StrEnum):
    """Who acts: the bureau checks, supplies and accepts; the town plants and counts."""

    BUREAU = "bureau"
    TOWN = "town"


ROLE_LABELS: Mapping[str, tuple[str, str]] = {
    Role.BUREAU: ("自然资源局", "natural-resources bureau"),
    Role.TOWN: ("乡镇", "town"),
}


class Kind(StrEnum):
    """What an event reports."""

    MOVE = "move"
    COUNT = "count"
    CHANGE = "change"
    COMMENT = "comment"


FATES: Mapping[str, tuple[str, str]] = {
    "alive": ("成活", "alive"),
    "dead": ("死亡", "dead"),
    "replanted": ("已补栽", "replanted"),
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
        of a change; `comment` of a comment. Plain JSON values.
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
    who, at, comment : str
        Of the last move.
    checked_version : str
        Version of the data at the last check, "" when never checked.
    planted_on : str
        Date of the move to `planted`, "" before.
    fates : mapping of str to str
        `FATES` code by planting id, the last count of each.
    """

    site_id: str
    state: str
    version: int = 0
    who: str = ""
    at: str = ""
    comment: str = ""
    checked_version: str = ""
    planted_on: str = ""
    fates: Mapping[str, str] = field(default_factory=dict)

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


def replay(
    events: Iterable[Event], starting: Mapping[str, str] | None = None
) -> dict[str, Standing]:
    """
    Add events up.

    Parameters
    ----------
    events : iterable of Event
        In order.
    starting : mapping of str to str or None, default None
        State by site id before the record began (the layer's `state`).

    Returns
    -------
    dict of str to Standing
        Every site named in either, sorted by id.
    """
    begun = {site: Standing(site, state) for site, state in (starting or {}).items()}
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
    if draft.kind is not Kind.MOVE:
        return standing
    to = str(payload["to"])
    return replace(
        standing,
        state=to,
        who=draft.who,
        at=draft.at,
        comment=str(payload.get("comment", "")),
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
    if draft.kind is Kind.MOVE:
        _require_move(standing, draft)
    elif draft.kind is Kind.COUNT:
        _require_count(standing, draft)


def moves_from(state: str, role: Role) -> tuple[str, ...]:
    """Return the states `role` may move a site to."""
    return tuple(to for (start, to), who in MOVES.items() if start == state and who is role)


def _require_move(standing: Standing, draft: Draft) -> None:
    to = str(draft.payload.get("to", ""))
    if MOVES.get((standing.state, to)) is draft.role:
        return
    allowed = moves_from(standing.state, draft.role)
    names = [STATES[state] for state in allowed]
    raise DataError(
        f"site {standing.site_id}: no move from {standing.state} to {to or 'nowhere'} for the "
        f"{draft.role}; allowed: {', '.join(allowed) or 'none'}",
        f"绿化点 {standing.site_id}：{ROLE_LABELS[draft.role][0]}不能从"
        f"“{STATES[standing.state][0]}”转为“{STATES.get(to, (to, to))[0]}”；"
        f"可转为：{'、'.join(zh for zh, _ in names) or '无'}",
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
            f"绿化点 {standing.site_id} 处于“{STATES[standing.state][0]}”，尚无可登记成活的苗木",
        )
