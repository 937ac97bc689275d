"""Events in words: which tree, which fate, from what to what."""

from collections.abc import Callable, Mapping

from edits.json_text import from_document
from greening.events import parsed
from greening.workflow import FATES, KIND_LABELS, EventKind, GreeningEvent
from layers.greening_sites import STATES
from store import EntryKind, JournalEntry
from wording import Language, Text, listing, say

_ROWS_SAID = 3


def described(event: GreeningEvent, language: Language) -> str:
    """Return what an event reports, with its comment."""
    said = _WORDS[event.kind](event, language)
    comment = str(event.payload.get("comment") or event.payload.get("note") or "")
    return Text("：", ": ")[language].join(part for part in (said, comment) if part)


def entry_words(entry: JournalEntry, language: Language) -> str:
    """Return what any entry of the journal records; of a greening event with its own words."""
    if entry.kind != EntryKind.GREENING or entry.payload.get("event") not in set(EventKind):
        return entry.sentence(language)
    event = parsed(entry)
    said = (KIND_LABELS[event.kind][language], event.site_id, described(event, language))
    parts = (*said, entry.clock_note(language))
    return Text("　", " · ")[language].join(part for part in parts if part)


def _moved(event: GreeningEvent, language: Language) -> str:
    states = [str(event.payload.get(name, "")) for name in ("from", "to")]
    return " → ".join(_label(STATES, state, language) for state in states if state)


def _counted(event: GreeningEvent, language: Language) -> str:
    fates = [str(event.payload.get(name, "")) for name in ("was", "fate")]
    said = " → ".join(_label(FATES, fate, language) for fate in fates if fate)
    return f"{_planting(event)} {said}"


def _changed(event: GreeningEvent, language: Language) -> str:
    """Return the rows that a change of the design sets, the first few each by itself."""
    undone = event.payload.get("undoes")
    said = [say("greening.takes_back", language, seq=undone)] if undone else []
    if "changes" in event.payload:  # of an earlier build, which kept no edits
        ids = [str(change["planting_id"]) for change in event.payload["changes"]]
        said.append(listing(ids, language))
    rows = list(from_document(event.edit)) if event.edit else []
    said += [row.sentence(language) for row in rows[:_ROWS_SAID]]
    if len(rows) > _ROWS_SAID:
        said.append(say("greening.more_rows", language, n=len(rows)))
    return Text("；", "; ")[language].join(said)


def _protected(event: GreeningEvent, _: Language) -> str:
    return _planting(event)


def _rate(event: GreeningEvent, _: Language) -> str:
    return f"{event.payload['rate']:.0%}"


def _species(event: GreeningEvent, _: Language) -> str:
    return f"{event.payload['name']} → {event.payload['species_id']}"


def _commented(_: GreeningEvent, __: Language) -> str:
    return ""


_WORDS: Mapping[EventKind, Callable[[GreeningEvent, Language], str]] = {
    EventKind.MOVE: _moved,
    EventKind.COUNT: _counted,
    EventKind.CHANGE: _changed,
    EventKind.PROTECT: _protected,
    EventKind.RATE: _rate,
    EventKind.SPECIES: _species,
    EventKind.COMMENT: _commented,
}


def _planting(event: GreeningEvent) -> str:
    """Return the planting that an event is about: its number in the field, and its id."""
    number, key = (str(event.payload.get(name, "")) for name in ("number", "planting_id"))
    return f"{number} ({key})" if number and number != key else key


def _label(labels: Mapping[str, Text], code: str, language: Language) -> str:
    return labels[code][language] if code in labels else code
