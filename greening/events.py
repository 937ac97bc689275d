"""Events of greening sites in the journal of the district's store, each with what it changes."""

from collections.abc import Sequence

from edits import Edit, difference, from_document
from geo.errors import StoreError
from greening.workflow import EventKind, GreeningEvent, Role, SiteStatus, lacking, require_allowed
from store import EntryKind, JournalEntry, Signature, Store

_FIELDS = ("event", "role", "data_version")
"""Names in an entry's payload that are not the event's own."""


def read_events(store: Store) -> list[GreeningEvent]:
    """
    Return every event of a district, oldest first; those that only a later build knows left out.

    Raises
    ------
    StoreError
        If the store cannot be read, or an event lacks what its kind needs.
    """
    known = set(EventKind)
    entries = store.journal(EntryKind.GREENING)
    return [parsed(entry) for entry in entries if entry.payload.get("event") in known]


def parsed(entry: JournalEntry) -> GreeningEvent:
    """
    Return the event that an entry of the journal records.

    Raises
    ------
    StoreError
        If the entry lacks what its kind needs.
    """
    payload = {name: value for name, value in entry.payload.items() if name not in _FIELDS}
    try:
        kind, role = EventKind(entry.payload["event"]), Role(entry.payload["role"])
        version = str(entry.payload["data_version"])
        event = GreeningEvent(
            site_id=entry.subject,
            kind=kind,
            by=entry.by,
            role=role,
            at=entry.at,
            data_version=version,
            payload=payload,
            seq=entry.seq,
            version=entry.version,
            edit=entry.edit,
            account=entry.account,
            known=entry.known,
        )
        missing = lacking(event)
    except (KeyError, ValueError) as error:
        missing = [str(error)]
    if missing:
        raise StoreError(
            f"entry {entry.seq}: no event of a greening site, {', '.join(missing)} expected",
            f"第 {entry.seq} 条记录不是有效的绿化记录，缺少 {'、'.join(missing)}",
        )
    return event


def undone(store: Store, event: GreeningEvent) -> Edit:
    """
    Return the edit that takes back what an event changed in the rows.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    if event.edit:
        return from_document(event.edit).inverted()
    before = store.journal()[event.seq - 2]  # entries are counted from 1
    return difference(store.read(event.version), store.read(before.version))


def record_event(
    store: Store,
    event: GreeningEvent,
    status: SiteStatus,
    edit: Edit,
    photos: Sequence[bytes] = (),
) -> JournalEntry:
    """
    Write one event with what it changes in the rows, and its photos.

    Parameters
    ----------
    store : Store
        The district's.
    event : GreeningEvent
        What to write.
    status : SiteStatus
        The site as the officer saw it.
    edit : Edit
        Of the rows; see `greening.row_edits.edit_of`.
    photos : sequence of bytes, optional
        Files that belong to it.

    Raises
    ------
    ConflictError
        If the site has a newer event, or a row is no longer as the edit expects it.
    DataError
        If the event is not allowed from there.
    StoreError
        If the store cannot be written.
    """
    require_allowed(status, event)
    own = {"event": event.kind, "role": event.role, "data_version": event.data_version}
    why = str(event.payload.get("comment") or event.payload.get("note") or "")
    return store.record(
        EntryKind.GREENING,
        {**event.payload, **own},
        entry=Signature(event.by, event.at, why, account=event.account, known=event.known),
        subject=event.site_id,
        seen=status.seen,
        edit=edit,
        blobs=photos,
    )
