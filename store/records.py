"""The records of a trail: how a change is spelled, sealed, found again, and what it says was so."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import geopandas as gpd
from pyproj import CRS

import layers
from geo.errors import StoreError
from layers.district import District
from store import past
from store.chain import GENESIS, Link, canonical, sealed
from store.contract import SHOWN_DIGITS, Change, Kind
from store.past import Past
from store.tables import Tables

_FEWEST_DIGITS = 6
_OF_CONTENT = ("surveyed", "surveyed_kinds")  # only a change changes these, not district.toml


def parsed(link: Link) -> Change:
    """Return the change that a record tells of."""
    fields = json.loads(link.text)
    kind, counts = Kind(fields.pop("kind")), fields.pop("counts")
    return Change(kind=kind, counts={k: tuple(v) for k, v in counts.items()}, **fields)


def trail(tables: Tables) -> list[Change]:
    """Return every change, oldest first."""
    return [parsed(link) for link in tables.links()]


def head(tables: Tables) -> Change | None:
    """Return the newest change, None if there is none."""
    link = tables.last()
    return parsed(link) if link else None


def append(tables: Tables, change: Change) -> Change:
    """Seal `change`, with the rows that the tables kept for it, as the newest; return it."""
    last = tables.last()
    seq = parsed(last).seq + 1 if last else 1
    rows = {name: tables.past(name, seq - 1) for name in change.counts}
    whole = replace(change, seq=seq, rows=past.digest(rows))
    link = sealed(canonical(asdict(whole)), last.digest if last else GENESIS)
    tables.append(seq, link)
    return whole


def found(changes: Sequence[Change], version: str) -> Change:
    """
    Return the newest change that left `version`: a name, a digest, or its first digits.

    Raises
    ------
    StoreError
        If there is none, or the digits fit several versions.
    """
    named = [change for change in changes if change.name and change.name == version]
    alike = [change for change in changes if change.version.startswith(version)]
    fit = named or (alike if len(version) >= _FEWEST_DIGITS else [])
    if len({change.version for change in fit}) == 1:
        return fit[-1]
    known = [change.name or change.version[:SHOWN_DIGITS] for change in changes[-10:]]
    raise StoreError(
        f"no one version is {version!r}; the newest are {', '.join(known)}",
        f"没有唯一对应 {version!r} 的版本；最近的版本有 {'、'.join(known)}",
    )


def false_place(tables: Tables, changes: Sequence[Change]) -> int | None:
    """Return the place of the first change whose kept rows are not those it was sealed with."""
    kept = {name: _by_change(tables.past(name)) for name in layers.SURVEYED}
    for place, change in enumerate(changes, start=1):
        rows = {name: kept[name].pop(place, []) for name in layers.SURVEYED}
        touched = {name: found for name, found in rows.items() if found or name in change.counts}
        in_order = {name: touched.pop(name) for name in change.counts}
        if touched or change.seq != place or past.digest(in_order) != change.rows:
            return place
    stray = {change for rows in kept.values() for change in rows if change != len(changes) + 1}
    return min(stray) if stray else None


def _by_change(rows: Iterable[Past]) -> dict[int, list[Past]]:
    found: dict[int, list[Past]] = {}
    for row in rows:
        found.setdefault(row.change, []).append(row)
    return found


def facts_of(district: District) -> dict[str, Any]:
    """Return what a record says of a district besides its rows."""
    return {
        "id": district.district_id,
        "name": district.name,
        "name_en": district.name_en,
        "crs": district.crs.to_epsg(min_confidence=100),
        "overlays": list(district.overlays),
        "plan": district.plan,
        "surveyed": sorted(district.surveyed),
        "surveyed_kinds": sorted(district.surveyed_kinds),
    }


def facts_now(change: Change, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts after the newest change, where district.toml says otherwise its own."""
    return {
        name: value if name in _OF_CONTENT else settings.get(name, value)
        for name, value in change.facts.items()
    }


def built(frames: Mapping[str, gpd.GeoDataFrame], facts: Mapping[str, Any]) -> District:
    """Return the district of stored rows and the facts of a record."""
    return District.from_frames(
        frames,
        crs=CRS.from_epsg(facts["crs"]),
        district_id=facts["id"],
        name=facts["name"],
        name_en=facts["name_en"],
        overlays=tuple(facts["overlays"]),
        plan=facts["plan"],
        surveyed=frozenset(facts["surveyed"]),
        surveyed_kinds=frozenset(facts["surveyed_kinds"]),
    )


def district_at(tables: Tables, change: Change) -> District:
    """Return the district as `change` left it."""
    frames = {
        name: past.rolled_back(frame, layers.ALL[name].key, tables.past(name, change.seq))
        for name, frame in tables.frames().items()
    }
    return built(frames, change.facts)
