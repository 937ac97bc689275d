"""
What the greening page works with: the review of the moment, the record, and who is at the desk.

An entry is written against the standing its writer saw. If someone was faster, nothing is written,
the sentence says who, and every field keeps what was typed.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from clearances.requirements import STRICTER
from geo.errors import PlanningError
from greening.record import FILE_NAME, Record
from greening.review import Review, review
from greening.species import read_species
from greening.workflow import (
    ROLE_LABELS,
    WHOLE_DISTRICT,
    Draft,
    Event,
    Kind,
    Role,
    Standing,
    replay,
)
from layers.greening_sites import STATES
from views.session import DISTRICT_VARIABLE, Workspace
from views.who import ask_name
from wording import Language, Text, say

PHOTOS = "greening-photos"


@dataclass(frozen=True)
class Desk:
    """The review of the moment, the record behind it, and the officer."""

    review: Review
    events: Sequence[Event]
    record: Record
    photos: Path
    who: str
    role: Role

    def standing(self, site_id: str) -> Standing:
        """Return the standing of a site, or of what holds for all of them."""
        if site_id == WHOLE_DISTRICT:
            return replay(self.events).get(WHOLE_DISTRICT, Standing(WHOLE_DISTRICT, ""))
        return self.review.standings[site_id]

    def version(self, site_id: str) -> str:
        """Return the version of the data that an entry about a site stands on."""
        return str(self.review.versions.get(site_id, self.review.district.version))


def open_desk(place: Workspace, language: Language) -> Desk:
    """Ask who is at the desk and by which table to check; return the desk."""
    who, role = _ask_officer(language)
    with st.sidebar:
        profile = _ask_profile(place.book.clearances.profiles, language)
    folder = _folder(os.environ.get(DISTRICT_VARIABLE, ""))
    record = Record(folder / FILE_NAME)
    events = record.events()
    changes = [event for event in events if event.draft.kind in (Kind.CHANGE, Kind.SPECIES)]
    last = changes[-1].digest if changes else ""
    today = datetime.now(UTC).astimezone().date()
    base = _geometry(
        place.district.version, place.book.version, last, profile, today, place, events
    )
    return Desk(
        base.with_events(events),
        events,
        record,
        folder / PHOTOS,
        who,
        role,
    )


def _ask_officer(language: Language) -> tuple[str, Role]:
    with st.container(key="greening_officer", horizontal=True, vertical_alignment="bottom"):
        who = ask_name(language)
        role = st.segmented_control(
            say("greening.office", language),
            list(Role),
            key="office",
            default=Role.BUREAU,
            required=True,
            format_func=lambda one: ROLE_LABELS[one][language],
            persist_state="session",
        )
    st.caption(say("greening.no_login", language))
    return who, Role(role)


def _ask_profile(profiles: Mapping[str, Text], language: Language) -> str:
    chosen = st.selectbox(
        say("greening.clearance_table", language),
        list(profiles),
        index=list(profiles).index(STRICTER),
        key="clearance_profile",
        format_func=lambda one: profiles[one][language],
    )
    return chosen or STRICTER


@st.cache_resource(show_spinner=False)
def _folder(district: str) -> Path:
    """Return the folder beside which the record is kept; the demonstration's lasts one server."""
    if not district:
        return Path(tempfile.mkdtemp(prefix="litong-greening-"))
    path = Path(district)
    return path if path.is_dir() else path.parent


@st.cache_resource(show_spinner=False, max_entries=6)
def _geometry(
    version: str,  # noqa: ARG001
    book_version: str,  # noqa: ARG001
    last_change: str,  # noqa: ARG001
    profile: str,
    today: date,
    _place: Workspace,
    _events: Sequence[Event],
) -> Review:
    """Return the review with what is slow already computed; counts and moves do not redo it."""
    found = review(
        _place.district, _place.book, read_species(), today, events=_events, profile=profile
    )
    assert found.found is not None  # noqa: S101  (computed now, shared by every session)
    assert found.versions is not None  # noqa: S101
    assert found.ground is not None  # noqa: S101
    assert found.suggested is not None  # noqa: S101
    assert found.by_estate is not None  # noqa: S101
    assert found.faults is not None  # noqa: S101
    return found


def write(
    desk: Desk, site_id: str, kind: Kind, payload: Mapping[str, Any], language: Language
) -> bool:
    """Write an entry against the standing shown; say what came of it, and return it."""
    if not desk.who:
        _say("error", say("greening.enter_officer", language))
        return False
    draft = Draft(
        site_id=site_id,
        kind=kind,
        who=desk.who,
        role=desk.role,
        at=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        data_version=desk.version(site_id),
        payload=dict(payload),
    )
    try:
        event = desk.record.append(draft, desk.standing(site_id))
    except PlanningError as error:
        _say("error", error.sentence(language))
        return False
    _say("success", say("greening.entry_written", language, n=event.seq))
    return True


def _say(level: str, sentence: str) -> None:
    st.session_state["greening_said"] = (level, sentence)


def show_said() -> None:
    """Show once what the last entry came to."""
    level, sentence = st.session_state.pop("greening_said", ("", ""))
    if sentence:
        with st.container(key=f"greening_said_{level}", border=True):
            st.text(("⚠ " if level == "error" else "✓ ") + sentence)


def state_name(desk: Desk, site_id: str, language: Language) -> str:
    """Return a site's state, marked where its data changed after the check."""
    name = STATES[desk.standing(site_id).state][language]
    if desk.review.is_stale(site_id):
        return f"{name} · {say('greening.data_changed', language)}"
    return name


def source_title(desk: Desk, source_id: str, language: Language) -> str:
    """Return the title of a standard; what is our own convention says so."""
    source = desk.review.book.sources.get(source_id)
    if source is None:
        return source_id
    return say("greening.convention", language) if source.kind == "convention" else source.title
