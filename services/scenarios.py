"""
Scenarios kept with the district: in its journal, one subject each, the newest entry counts.

What is kept is what was planned; the district changes only where someone signs a scenario's edits
into it (`promote`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from edits import SetChange
from edits.scenario import Scenario, combined
from edits.scenario_text import scenario_of, to_document
from geo.errors import DataError
from store import EntryKind, JournalEntry, Signature, Store


class Event(StrEnum):
    """What became of a scenario."""

    SAVED = "saved"
    DELETED = "deleted"
    PROMOTED = "promoted"


_KEPT = (Event.SAVED, Event.PROMOTED)


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """
    A scenario as it was last kept.

    Attributes
    ----------
    scenario : Scenario
        What was planned.
    event : Event
        Saved or promoted.
    seq : int
        `JournalEntry.seq` of that entry: what the next change of it starts from.
    by, at : str
        Who kept it, and when.
    """

    scenario: Scenario
    event: Event
    seq: int
    by: str
    at: str


def saved(store: Store) -> list[Saved]:
    """
    Return the scenarios of a district that are not deleted, the newest first.

    Raises
    ------
    StoreError
        If the store cannot be read.
    DataError
        If an entry holds no scenario.
    """
    newest: dict[str, JournalEntry] = {}
    for entry in store.journal(EntryKind.SCENARIO):
        newest[entry.subject] = entry
    kept = [entry for entry in newest.values() if entry.payload.get("event") in _KEPT]
    return [_parsed(entry) for entry in sorted(kept, key=lambda one: -one.seq)]


def save(store: Store, scenario: Scenario, *, entry: Signature, seen: int) -> JournalEntry:
    """
    Keep a scenario under its name.

    Parameters
    ----------
    store : Store
        Of its district.
    scenario : Scenario
        As it is now.
    entry : Signature
        Who, when and why.
    seen : int
        `Saved.seq` that it was changed from, 0 for a new one.

    Raises
    ------
    ConflictError
        If somebody kept another one of this name since.
    DataError
        If it is too large.
    StoreError
        If the store cannot be written.
    """
    return _record(store, Event.SAVED, scenario, entry, seen)


def delete(store: Store, scenario: Scenario, *, entry: Signature, seen: int) -> JournalEntry:
    """Take a scenario off the list; its entries stay. Parameters and errors are those of `save`."""
    return _record(store, Event.DELETED, scenario, entry, seen)


def promote(store: Store, scenario: Scenario, *, entry: Signature, seen: int) -> JournalEntry:
    """
    Write the steps of a scenario that are on into the district, with one entry, or nothing.

    What was assumed makes no layer and no kind "surveyed", signed or not: the findings afterwards
    are those of the trial.

    Raises
    ------
    ConflictError
        If somebody changed the scenario, or a row of it, since.
    DataError
        If a step does not fit the district as it is now, or none is on.
    StoreError
        If the store cannot be written.
    """
    district = store.read()
    found = combined(scenario, district)
    for conflict in found.conflicts:
        raise conflict.error
    if not found.edit:
        raise DataError(
            f"{scenario.name}: no step is on that changes anything",
            f"情景“{scenario.name}”没有采用的步骤，或不改变任何数据",
        )
    edit = replace(found.edit, surveyed=SetChange(), surveyed_kinds=SetChange())
    return store.record(
        EntryKind.SCENARIO,
        _payload(Event.PROMOTED, scenario),
        entry=entry,
        subject=scenario.name,
        seen=seen,
        edit=edit,
    )


def _record(
    store: Store, event: Event, scenario: Scenario, entry: Signature, seen: int
) -> JournalEntry:
    payload = _payload(event, scenario)
    return store.record(EntryKind.SCENARIO, payload, entry=entry, subject=scenario.name, seen=seen)


def _payload(event: Event, scenario: Scenario) -> Mapping[str, Any]:
    return {"event": str(event), "scenario": to_document(scenario)}


def _parsed(entry: JournalEntry) -> Saved:
    scenario = scenario_of(entry.payload["scenario"])
    return Saved(scenario, Event(entry.payload["event"]), entry.seq, entry.by, entry.at)
