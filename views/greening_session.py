"""
The session of the greening page: the current review, its events, and the current user.

An event is written against the status its writer saw. If someone was faster, nothing is written,
the sentence says who, and every field keeps what was typed.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from access.roles import Act
from clearances.requirements import STRICTER
from edits import Edit
from geo.errors import PlanningError
from greening.events import read_events, record_event
from greening.review import OF_GEOMETRY, Review, review
from greening.row_edits import edit_of
from greening.species import read_species
from greening.workflow import (
    ROLE_LABELS,
    WHOLE_DISTRICT,
    EventKind,
    GreeningEvent,
    Role,
    SiteStatus,
    newest,
)
from layers.findings import cited_clauses
from layers.greening_sites import STATES
from services.assessment import Workspace
from services.memory import district_bytes, frame_bytes
from store import Store
from views import said
from views.cache import SharedCache
from views.error_text import told
from views.session import current_store, today, worked_out
from views.who import ask_name, current, register
from wording import Language, Text, say

_REVIEWS: Final = SharedCache[Review]("review", lambda made: district_bytes(made.district))
_GEOMETRY: Final = SharedCache[Review](
    "review_geometry", lambda made: frame_bytes(made.found.pairs) + district_bytes(made.district)
)

_ACTS: Final = {Role.BUREAU: Act.GREENING_BUREAU, Role.TOWN: Act.GREENING_TOWN}

PICTURES: Final = SharedCache[str]("greening_picture", len)
"""SVG by the key of a review and what of it is shown."""


@dataclass(frozen=True)
class GreeningSession:
    """The current review and its key in caches, its store and events, and who acts."""

    key: Hashable
    review: Review
    events: Sequence[GreeningEvent]
    store: Store
    who: str
    role: Role
    account: str
    known: str

    def status(self, site_id: str) -> SiteStatus:
        """Return the status of a site, or of what holds for all of them."""
        if site_id == WHOLE_DISTRICT:
            return SiteStatus(WHOLE_DISTRICT, "", newest(self.events, WHOLE_DISTRICT))
        return self.review.statuses[site_id]

    def version(self, site_id: str) -> str:
        """Return the version of the data that an event about a site is based on."""
        return str(self.review.versions.get(site_id, self.review.kept.version))

    def event(self, site_id: str, kind: EventKind, payload: Mapping[str, Any]) -> GreeningEvent:
        """Return an event of this officer, now, about the data shown."""
        return GreeningEvent(
            site_id=site_id,
            kind=kind,
            by=self.who,
            role=self.role,
            at=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
            data_version=self.version(site_id),
            payload=dict(payload),
            account=self.account,
            known=self.known,
        )


def open_session(place: Workspace, language: Language) -> GreeningSession:
    """Prompt for the current user and the clearance table; return the session."""
    who, role = _ask_officer(language)
    with st.sidebar:
        profile = _ask_profile(place.book.clearances.profiles, language)
    store = current_store()
    events = read_events(store)
    last = events[-1].seq if events else 0
    day = today()
    key = (place.district.version, place.book.version, last, profile, day)
    found = worked_out(_REVIEWS, key, lambda _: _reviewed(place, events, profile, day), language)
    me = current()
    return GreeningSession(key, found, events, store, who, role, me.account, me.known)


def _ask_officer(language: Language) -> tuple[str, Role]:
    with st.container(key="greening_officer", horizontal=True, vertical_alignment="bottom"):
        who = ask_name(language)
        roles = _roles()
        if st.session_state.get("office") not in roles:  # granted or taken away meanwhile
            st.session_state.pop("office", None)
        role = st.segmented_control(
            say("greening.office", language),
            roles,
            key="office",
            default=roles[0],
            required=True,
            format_func=lambda one: ROLE_LABELS[one][language],
            persist_state="session",
        )
    if register() is None:
        st.caption(say("greening.no_login", language))
    return who, Role(role)


def _roles() -> Sequence[Role]:
    """Return the offices for which this session may sign; whoever may for none is refused later."""
    me = current()
    own = [role for role, act in _ACTS.items() if me.may(act)]
    return own or [Role.TOWN]


def _ask_profile(profiles: Mapping[str, Text], language: Language) -> str:
    chosen = st.selectbox(
        say("greening.clearance_table", language),
        list(profiles),
        index=list(profiles).index(STRICTER),
        key="clearance_profile",
        format_func=lambda one: profiles[one][language],
    )
    return chosen or STRICTER


def _reviewed(place: Workspace, events: Sequence[GreeningEvent], profile: str, day: date) -> Review:
    """Return the review of a district and its events, its slow parts computed or taken over."""
    now = review(place.district, place.book, read_species(), day, events=events, profile=profile)
    key = (now.design_key, place.book.version, profile, day)
    return now.with_geometry_of(_GEOMETRY.get(key, lambda: _computed(now)))


def _computed(made: Review) -> Review:
    """Compute the slow parts of a review: counts and moves do not change them."""
    for name in OF_GEOMETRY:
        getattr(made, name)
    return made


def write(
    session: GreeningSession,
    event: GreeningEvent,
    language: Language,
    *,
    edit: Edit | None = None,
    photos: Sequence[bytes] = (),
) -> bool:
    """
    Write an event based on the status shown, with its edit; report the outcome.

    Parameters
    ----------
    session : GreeningSession
        What the officer saw.
    event : GreeningEvent
        Of `GreeningSession.event`.
    language : {"zh", "en"}
        Of the page.
    edit : Edit, optional
        Of the rows; by default what `greening.row_edits.edit_of` says.
    photos : sequence of bytes, optional
        Files that belong to it.

    Returns
    -------
    bool
        Whether it was written.
    """
    if not session.who:
        said.note_error("greening", say("greening.enter_officer", language))
        return False
    seen = session.review
    try:
        change = edit_of(seen.kept, seen.district, event) if edit is None else edit
        entry = record_event(session.store, event, session.status(event.site_id), change, photos)
    except PlanningError as error:
        said.note_error("greening", told(error, language))
        return False
    said.note_success("greening", say("greening.entry_written", language, n=entry.seq))
    return True


def number_of(session: GreeningSession, planting_id: str) -> str:
    """Return the number in the field of a planting, its id where it has none."""
    plantings = session.review.district["plantings"]
    numbers = plantings["number"][plantings["planting_id"] == planting_id].dropna()
    return str(numbers.iloc[0]) if len(numbers) else planting_id


def state_name(session: GreeningSession, site_id: str, language: Language) -> str:
    """Return a site's state, marked where its data changed after the check."""
    name = STATES[session.status(site_id).state][language]
    if session.review.is_stale(site_id):
        return f"{name} · {say('greening.data_changed', language)}"
    return name


def source_title(session: GreeningSession, source_id: str, language: Language) -> str:
    """Return the title of a standard; a convention of the project is marked as one."""
    source = session.review.book.sources.get(source_id)
    if source is None:
        return source_id
    return say("greening.convention", language) if source.kind == "convention" else source.title


def clauses_of(session: GreeningSession, pairs: pd.DataFrame, language: Language) -> list[str]:
    """Return the standard and the clause of each pair of a plant and an object."""
    titles = (source_title(session, source_id, language) for source_id in pairs["source_id"])
    return cited_clauses(titles, pairs["clause"])
