"""
Greening events of schema 0: what they had changed, brought into the rows once.

Until then a design stayed in the layers as it came in, and what the events beside it had changed
was laid over it whenever it was read. The events are plain JSON values of that time.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import shapely

from edits.cells import GEOMETRY, Cell, cells_of, columns_of
from edits.edit import Edit
from edits.rows import set_values
from geo.errors import DataError
from layers.district import District

_AS_BEFORE = ("state", "design_east_m", "design_north_m")
"""Columns that a change has to find as they were; others may have been read otherwise then."""

Event = Mapping[str, Any]
"""One event: `event` (its kind), `site_id`, `at`, and the names of its payload."""


def rows_after(district: District, events: Iterable[Event]) -> tuple[Edit, list[str]]:
    """
    Return the edit that brings the rows to what events say, and the changes that no longer fit.

    Parameters
    ----------
    district : District
        As it is kept.
    events : iterable of Event
        Oldest first.

    Returns
    -------
    Edit
        Of the states of sites, and of state, position, species, date and life of plantings.
    list of str
        Plantings whose change was not made: the design had come in anew since it was recorded. If
        events were altered so that the rows cannot hold what they say, every site and planting.
    """
    replay = _Replay(district)
    for event in events:
        with suppress(LookupError, TypeError, AttributeError):  # altered: it says nothing whole
            replay.add(event)
    try:
        sites = set_values(district, "greening_sites", replay.sites)
        return sites.then(set_values(district, "plantings", replay.plantings)), replay.refused
    except DataError:  # an altered event holds what no layer can
        return Edit(district.crs), sorted({*replay.sites, *replay.plantings, *replay.refused})


class _Replay:
    """What events leave in the rows, by key and column."""

    def __init__(self, district: District) -> None:
        sites, plantings = district.frames["greening_sites"], district.frames["plantings"]
        self._beds = dict(zip(sites["site_id"], cells_of(sites, GEOMETRY), strict=True))
        columns = {name: cells_of(plantings, name).tolist() for name in columns_of(plantings)}
        rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
        self._rows = dict(zip(plantings["planting_id"], rows, strict=True))
        self.sites: dict[str, dict[str, object]] = {}
        self.plantings: dict[str, dict[str, object]] = {}
        self.refused: list[str] = []

    def add(self, event: Event) -> None:
        """Take one event; one about a site or a planting that is gone changes nothing."""
        takes = {"move": self._move, "count": self._count, "species": self._name}
        if event["event"] in takes:
            takes[event["event"]](event)
        for change in event.get("changes", ()):
            self._change(change)

    def _move(self, event: Event) -> None:
        site_id = event["site_id"]
        if site_id not in self._beds:
            return
        self.sites[site_id] = {"state": event["to"]}
        if event["to"] == "planted":
            for key in self._standing_in(site_id):
                self._set(key, state="planted", planted_date=event["at"][:10])

    def _count(self, event: Event) -> None:
        is_new = event["fate"] == "replanted"
        planted = {"planted_date": event["at"][:10]} if is_new else {}
        self._set(event["planting_id"], is_alive=event["fate"] != "dead", **planted)

    def _name(self, event: Event) -> None:
        for key, row in self._rows.items():
            if row["species_id"] == event["name"]:
                self._set(key, species_id=event["species_id"])

    def _change(self, change: Mapping[str, Any]) -> None:
        """Make one recorded change if its planting is where, and in the state, it starts from."""
        key = str(change["planting_id"])
        try:
            before, after = _cells(change["before"]), _cells(change["after"])
            fits = all(self._now(key, name) == before[name] for name in (GEOMETRY, *_AS_BEFORE))
        except (LookupError, TypeError, AttributeError):  # gone, or not whole
            fits = False
        if not fits:
            self.refused.append(key)
            return
        self._set(key, **{name: after[name] for name in after if after[name] != before[name]})

    def _set(self, key: str, **values: object) -> None:
        if key in self._rows:
            self.plantings.setdefault(key, {}).update(values)

    def _now(self, key: str, column: str) -> object:
        return self.plantings.get(key, {}).get(column, self._rows[key][column])

    def _standing_in(self, site_id: str) -> list[str]:
        """Return the plantings of a site that are not taken out, named or lying in it."""
        bed = self._beds[site_id]
        return [
            key
            for key, row in self._rows.items()
            if (row["site_id"] or site_id) == site_id
            and (row["site_id"] or shapely.intersects(bed, row[GEOMETRY]))
            and self._now(key, "state") != "removed"
        ]


def _cells(state: Mapping[str, Any]) -> dict[str, Cell]:
    """Return a recorded state of a planting as cells."""
    others = {name: cell for name, cell in state.items() if name not in ("east_m", "north_m")}
    return {GEOMETRY: shapely.Point(state["east_m"], state["north_m"]), **others}
