"""
What earlier builds kept in files beside the store, taken into the journal once.

``greening.sqlite`` (each event with its own place and digest inside the new entry), the photos,
``issues.json``, ``office.json`` and ``intake.json`` are read in the transaction of the first write;
one more entry brings the rows to what the greening events say. After it the files are moved into
the folder ``taken-over``, never deleted. A crash leaves the old
state, or the new one with files still to be moved: an entry names every file by its SHA-256, so
that nothing is taken twice.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from edits import apply
from geo.errors import DataError
from layers.district import District
from store import journal, writing
from store.chain import Link, broken_link
from store.journal_entry import DECISIONS, EntryKind, JournalEntry, Signature
from store.old_greening import Event, rows_after
from store.tables import Tables

GREENING, PHOTOS = "greening.sqlite", "greening-photos"
ISSUES, OFFICE, HEADINGS = "issues.json", "office.json", "intake.json"
ASIDE = "taken-over"


@dataclass(frozen=True, slots=True)
class Found:
    """
    One decision found in a file.

    Attributes
    ----------
    kind, subject : str
        Of the entry it becomes.
    payload : mapping of str to object
        As later builds write it; `taken_from` names the file and, for an event of the greening
        record, its place, the site's version, and its digest there.
    by, at : str
        Who and when, "" where the file does not say.
    photo : str
        SHA-256 of the photo it names, "" if none.
    """

    kind: EntryKind
    subject: str
    payload: Mapping[str, Any]
    by: str = ""
    at: str = ""
    photo: str = ""


def old_files(folder: Path | None) -> list[Path]:
    """Return the files of earlier builds that are in a folder, photos among them."""
    if folder is None:
        return []
    names = (GREENING, ISSUES, OFFICE, HEADINGS)
    photos = sorted((folder / PHOTOS).iterdir()) if (folder / PHOTOS).is_dir() else []
    return [file for file in (*map(folder.joinpath, names), *photos) if file.is_file()]


def take_over(tables: Tables, files: Sequence[Path], entry: Signature) -> list[Event]:
    """
    Write what the files hold into the journal.

    Parameters
    ----------
    tables : Tables
        Open for writing, with a journal.
    files : sequence of pathlib.Path
        From `old_files`.
    entry : Signature
        Of whoever writes first with this build.

    Returns
    -------
    list of Event
        Greening events whose changes the rows do not have yet.
    """
    if not files:
        return []
    known = _known(tables)
    digests = {file: _sha256(file.read_bytes()) for file in files}
    fresh = [file for file in files if digests[file] not in known]
    if not fresh:
        return []
    photos = {digests[file]: file for file in fresh if file.parent.name == PHOTOS}
    for digest, file in photos.items():
        tables.add_blob(digest, file.read_bytes())
    decisions, faults = _read_all([file for file in fresh if file not in photos.values()])
    new = [one for one in decisions if one.payload["taken_from"].get("digest") not in known]
    loose = sorted(photos.keys() - {one.photo for one in new})
    listed = [{"name": file.name, "sha256": digests[file]} for file in fresh]
    payload = {"files": listed, "faults": faults}
    _append(tables, EntryKind.UPGRADE, replace(entry, why="", source=""), payload, blobs=loose)
    for one in new:
        kept = [one.photo] if one.photo and tables.blob(one.photo) is not None else []
        signed = _signed(one, entry)
        _append(tables, one.kind, signed, one.payload, subject=one.subject, blobs=kept)
    return [
        {"site_id": one.subject, "at": one.at, **one.payload}
        for one in new
        if one.kind is EntryKind.GREENING
    ]


def bring_rows_up(
    tables: Tables, district: District, events: Sequence[Event], entry: Signature
) -> JournalEntry:
    """
    Write what greening events say into the rows, in one entry.

    Parameters
    ----------
    tables : Tables
        Open for writing.
    district : District
        Its newest content.
    events : sequence of Event
        From `take_over`.
    entry : Signature
        Of whoever writes first with this build.

    Returns
    -------
    JournalEntry
        Its payload names, as `refused`, the plantings whose change no longer fits.
    """
    edit, refused = rows_after(district, events)
    after = apply(district, edit)
    writing.put(tables, after, edit, entry.at)
    blank = writing.unsealed(EntryKind.UPGRADE, replace(entry, why="", source=""))
    told = writing.with_edit(replace(blank, payload={"refused": refused}), edit)
    return writing.recorded(tables, after, edit.counts, told)


def _signed(one: Found, entry: Signature) -> Signature:
    """Return who decided, as far as the file says so; else whoever takes it over."""
    try:
        return Signature(one.by or entry.by, one.at or entry.at)
    except DataError:
        return replace(entry, why="", source="")


def waiting(tables: Tables, files: Sequence[Path]) -> list[JournalEntry]:
    """Return what files hold that nobody has taken over yet, as entries without a place."""
    records = [file for file in files if file.parent.name != PHOTOS]
    photos = {file.stem for file in files if file.parent.name == PHOTOS}
    known = _known(tables) if records else set()
    fresh = [file for file in records if _sha256(file.read_bytes()) not in known]
    decisions, _ = _read_all(fresh)
    return [
        JournalEntry(
            0,
            one.kind,
            one.by,
            one.at,
            subject=one.subject,
            payload=one.payload,
            blobs=tuple({one.photo} & photos),
        )
        for one in decisions
        if one.payload["taken_from"].get("digest") not in known
    ]


def photo(folder: Path | None, digest: str) -> bytes | None:
    """Return a photo that waits to be taken over, None if there is none."""
    found = [file for file in old_files(folder) if file.stem == digest]
    return found[0].read_bytes() if found else None


def move_aside(files: Sequence[Path]) -> None:
    """Move files that were taken over into a folder beside them; what cannot move stays."""
    for file in files:
        is_photo = file.parent.name == PHOTOS
        target = (file.parent.parent if is_photo else file.parent) / ASIDE
        target = target / PHOTOS if is_photo else target
        with suppress(OSError):  # read-only, or another process was first: tried again next time
            target.mkdir(parents=True, exist_ok=True)
            moved = file.replace(_free(target / file.name))
            log = file.with_name(f"{file.name}-wal")
            if log.exists():  # what SQLite has not yet put into the file
                log.replace(moved.with_name(f"{moved.name}-wal"))
            file.with_name(f"{file.name}-shm").unlink(missing_ok=True)
            if is_photo and not any(file.parent.iterdir()):
                file.parent.rmdir()


def _free(path: Path) -> Path:
    """Return a path that is not taken, with a number behind its name if need be."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def add_decisions(tables: Tables, others: Tables) -> None:
    """Add the decisions of another journal of the same district that this one does not have."""
    own = {link.digest for link in tables.links()}
    own |= {_origin(entry).get("digest", "") for entry in journal.entries(tables)}
    for link in others.links():
        other = journal.parsed(link)
        origin = {"seq": other.seq, "digest": link.digest, **_origin(other)}
        if other.kind not in DECISIONS or own & {link.digest, origin["digest"]}:
            continue
        for digest in other.blobs:
            tables.add_blob(digest, others.blob(digest) or b"")
        payload = {**other.payload, "taken_from": origin}
        signed = Signature(other.by, other.at, other.why, other.source, other.account, other.known)
        _append(
            tables, EntryKind(other.kind), signed, payload, subject=other.subject, blobs=other.blobs
        )


def _known(tables: Tables) -> set[str]:
    """Return the digests of files and events that the journal has taken over already."""
    upgrades = journal.entries(tables, EntryKind.UPGRADE)
    files = {file["sha256"] for entry in upgrades for file in entry.payload.get("files", ())}
    events = journal.entries(tables, EntryKind.GREENING)
    return files | {_origin(entry).get("digest", "") for entry in events}


def _origin(entry: JournalEntry) -> Mapping[str, Any]:
    """Return where an entry was taken from, {} if it was written here."""
    origin: Mapping[str, Any] = entry.payload.get("taken_from", {})
    return origin


def _append(
    tables: Tables,
    kind: EntryKind,
    entry: Signature,
    payload: Mapping[str, Any],
    *,
    subject: str = "",
    blobs: Sequence[str] = (),
) -> JournalEntry:
    blank = writing.unsealed(kind, entry, after=journal.newest(tables))
    whole = replace(blank, subject=subject, payload=payload, blobs=tuple(blobs))
    return journal.append(tables, whole)


def _read_all(files: Sequence[Path]) -> tuple[list[Found], list[str]]:
    """Return what every file holds, and what could not be read: a file, or an event of it."""
    readers: Mapping[str, Callable[[Path], Iterator[Found]]] = {
        GREENING: _events,
        ISSUES: _issues,
        OFFICE: _fields,
        HEADINGS: _headings,
    }
    found: list[Found] = []
    faults = []
    for file in files:
        try:
            found.extend(readers[file.name](file))  # as far as it can be read
        except (sqlite3.Error, ValueError, TypeError, LookupError, AttributeError) as error:
            faults.append(f"{file.name}: {error}")
    if _is_broken(found):
        faults.append(f"{GREENING}: an event was altered")
    return found, faults


def _events(file: Path) -> Iterator[Found]:
    """Yield the events of a greening record."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as base:
        query = "SELECT seq, event, previous, digest FROM events ORDER BY seq"
        rows = base.execute(query).fetchall()
    for seq, text, previous, digest in rows:
        told = json.loads(text)
        origin = {
            "file": GREENING,
            "seq": seq,
            "version": told["version"],
            "previous": previous,
            "digest": digest,
            "event": text,
        }
        facts = {name: told[name] for name in ("role", "data_version")}
        payload = {"event": told["kind"], **facts, **told["payload"], "taken_from": origin}
        photo = str(told["payload"].get("photo", "")).partition(".")[0]
        subject, by, at = str(told["site_id"]), str(told["who"]), str(told["at"])
        yield Found(EntryKind.GREENING, subject, payload, by, at, photo)


def _is_broken(found: Sequence[Found]) -> bool:
    """Return whether an event was altered, or does not follow the one before."""
    origins = [one.payload["taken_from"] for one in found if one.kind is EntryKind.GREENING]
    return broken_link(Link(o["event"], o["previous"], o["digest"]) for o in origins) is not None


def _issues(file: Path) -> Iterator[Found]:
    """Yield the booklets that were issued."""
    for issue in json.loads(file.read_text("utf-8")):
        yield Found(EntryKind.BOOKLET, "", _from(file, issue), at=str(issue["date"]))


def _fields(file: Path) -> Iterator[Found]:
    """Yield the fields last filled in."""
    fields = {str(name): str(value) for name, value in json.loads(file.read_text("utf-8")).items()}
    yield Found(EntryKind.OFFICE, "", _from(file, {"fields": fields}))


def _headings(file: Path) -> Iterator[Found]:
    """Yield how the headings of each source were mapped."""
    for source, columns in json.loads(file.read_text("utf-8")).items():
        yield Found(EntryKind.HEADINGS, str(source), _from(file, {"columns": dict(columns)}))


def _from(file: Path, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {**payload, "taken_from": {"file": file.name}}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
