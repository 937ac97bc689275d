"""The journal: how an entry is spelled, sealed and found again, and the district as it left it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import Any

import geopandas as gpd
from pyproj import CRS

import layers
from geo.errors import StoreError
from layers.district import District
from layers.spec import LayerSpec
from layers.unknown_codes import unknown_codes
from store import row_versions
from store.chain import GENESIS, Link, canonical, sealed
from store.contract import SHOWN_DIGITS
from store.journal_entry import JournalEntry
from store.tables import Tables

_FEWEST_DIGITS = 6
_CLOCKS_DIFFER = timedelta(minutes=1)
_OF_CONTENT = ("surveyed", "surveyed_kinds")  # only an entry changes these, not district.toml
_FIELDS = {field.name for field in fields(JournalEntry)}


def parsed(link: Link) -> JournalEntry:
    """Return the entry that a record spells; fields of a later build are left out."""
    told = {name: value for name, value in json.loads(link.text).items() if name in _FIELDS}
    counts = {layer: tuple(three) for layer, three in told.pop("counts", {}).items()}
    return JournalEntry(counts=counts, blobs=tuple(told.pop("blobs", ())), **told)


def spelled(entry: JournalEntry) -> str:
    """Return the record of an entry; what is empty is left out."""
    return canonical(
        {name: value for name, value in asdict(entry).items() if value or name == "seq"}
    )


def entries(tables: Tables, kind: str = "", subject: str | None = None) -> list[JournalEntry]:
    """Return the entries of a kind and about a subject, oldest first; "" and None for any."""
    return [parsed(link) for link in tables.links(kind, subject)]


def newest(tables: Tables, kind: str = "", subject: str | None = None) -> JournalEntry | None:
    """Return the last of `entries`, None if there is none."""
    link = tables.last(kind, subject)
    return parsed(link) if link else None


def newest_about(tables: Tables, kind: str, subject: str) -> JournalEntry | None:
    """Return the last entry of a kind about exactly this subject; with "" about none."""
    if subject:
        return newest(tables, kind, subject)
    return next((one for one in reversed(entries(tables, kind)) if not one.subject), None)


def append(tables: Tables, entry: JournalEntry) -> JournalEntry:
    """Seal `entry`, with the rows that the tables kept for it, as the newest; return it."""
    last = tables.last()
    before = parsed(last) if last else None
    seq = before.seq + 1 if before else 1
    kept = {name: tables.row_versions(name, seq - 1) for name in entry.counts}
    whole = replace(entry, seq=seq, rows=row_versions.digest(kept))
    if before and _is_earlier(entry.at, before.at):
        whole = replace(whole, earlier_than=before.at)
    link = sealed(spelled(whole), last.digest if last else GENESIS)
    tables.append(seq, whole.kind, whole.subject, link)
    return whole


def _is_earlier(at: str, before: str) -> bool:
    """Return whether a time is earlier than one by more than two clocks may differ."""
    one, other = datetime.fromisoformat(at), datetime.fromisoformat(before)
    if one.tzinfo is None or other.tzinfo is None:
        one, other = one.replace(tzinfo=None), other.replace(tzinfo=None)
    return other - one > _CLOCKS_DIFFER


def found(every: Sequence[JournalEntry], version: str) -> JournalEntry:
    """
    Return the newest entry that left `version`: a name, a digest, or its first digits.

    Raises
    ------
    StoreError
        If there is none, or the digits fit several versions.
    """
    named = [entry for entry in every if entry.name and entry.name == version]
    alike = [entry for entry in every if entry.version.startswith(version)]
    fit = named or (alike if len(version) >= _FEWEST_DIGITS else [])
    if len({entry.version for entry in fit}) == 1:
        return fit[-1]
    known = [entry.name or entry.version[:SHOWN_DIGITS] for entry in every[-10:]]
    raise StoreError(
        f"no one version is {version!r}; the newest are {', '.join(known)}",
        f"没有唯一对应 {version!r} 的版本；最近的版本有 {'、'.join(known)}",
    )


def only(district: District, version: str) -> District:
    """Return the only version of a store without entries, if it is the one; else as `found`."""
    if not district.version.startswith(version):
        raise StoreError(
            f"no version is {version!r}; nothing was changed in this store yet",
            f"没有版本 {version!r}；本库尚无变更",
        )
    return district


def edited_since(tables: Tables, entry: JournalEntry) -> list[str]:
    """Return the layers of which rows were touched after `entry`; the newest: by other software."""
    return [name for name in tables.specs() if tables.touched(name, entry.seq)]


def facts_of(district: District) -> dict[str, Any]:
    """Return what an entry says of a district besides its rows."""
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


def facts_now(entry: JournalEntry, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts after the newest entry, where district.toml says otherwise its own."""
    return {
        name: value if name in _OF_CONTENT else settings.get(name, value)
        for name, value in entry.facts.items()
    }


def built(
    frames: Mapping[str, gpd.GeoDataFrame],
    facts: Mapping[str, Any],
    specs: Mapping[str, LayerSpec],
) -> District:
    """
    Return the district of stored rows and the facts of an entry.

    Parameters
    ----------
    frames : mapping of str to geopandas.GeoDataFrame
        Rows by layer as they lie in the store.
    facts : mapping of str to object
        As `facts_of` returned them.
    specs : mapping of str to LayerSpec
        The layers as the store has them; {} where it keeps nothing beyond what this build knows.
    """
    known = {name: frame for name, frame in frames.items() if name in layers.SURVEYED}
    return District.from_frames(
        known,
        crs=CRS.from_epsg(facts["crs"]),
        district_id=facts["id"],
        name=facts["name"],
        name_en=facts["name_en"],
        overlays=tuple(facts["overlays"]),
        plan=facts["plan"],
        surveyed=frozenset(facts["surveyed"]),
        surveyed_kinds=frozenset(facts["surveyed_kinds"]),
        unknown_codes={name: unknown_codes(name, frame) for name, frame in known.items()},
        extra={name: [column.name for column in spec.columns] for name, spec in specs.items()},
        unknown_frames={
            name: frame[[*(column.name for column in specs[name].columns), "geometry"]]
            for name, frame in frames.items()
            if name in specs and name not in layers.SURVEYED
        },
    )


def district_at(tables: Tables, entry: JournalEntry, known: District | None = None) -> District:
    """
    Return the district as `entry` left it.

    Parameters
    ----------
    tables : Tables
        One consistent state of the store.
    entry : JournalEntry
        One of its journal.
    known : District, optional
        One that was read before: it is returned if it is the one.
    """
    if known is not None and known.version == entry.version and facts_of(known) == entry.facts:
        return known
    specs = tables.specs()
    frames = {
        name: row_versions.rolled_back(frame, specs[name].key, tables.row_versions(name, entry.seq))
        for name, frame in tables.frames().items()
    }
    return built(frames, entry.facts, specs)
