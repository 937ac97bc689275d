"""
What every session shares, read-only: the district, the rulebook and the findings of each date.

`litong serve` names the district's folder in the environment variable LITONG_DISTRICT; without it
the demonstration is kept in a folder of its own for as long as the server runs. LITONG_STORE names
a database that keeps the district instead of its folder.
"""

import atexit
import logging
import os
import shutil
from collections.abc import Callable, Hashable
from datetime import UTC, date, datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar
from uuid import uuid4

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

import demo
from access.seen_store import SeenStore
from access.sight import visible
from geo.errors import PlanningError
from layers.district import District
from services.assessment import Assessment, Workspace, assess
from services.memory import district_bytes, frame_bytes
from store import STORE_VARIABLE, Store, open_store, write_district
from store.scratch import make_folder
from views import who
from views.cache import SharedCache
from views.error_text import DISTRICT_VARIABLE, told
from views.markdown import escaped
from views.work_queue import Report, WorkQueue
from wording import Language, say

T = TypeVar("T")

_LOG = logging.getLogger("litong")
_OPENING = Lock()
_WORK: Final = WorkQueue()

_FOUND_BESIDE: Final = 3  # a workspace also holds doors, walks and rows: measured, roundly
_FULL_TABLE: Final = 12  # an assessment also holds its full table: measured, roundly
_WORKSPACES: Final = SharedCache[Workspace](
    "workspace", lambda place: _FOUND_BESIDE * district_bytes(place.district)
)
_ASSESSMENTS: Final = SharedCache[Assessment](
    "assessment", lambda found: _FULL_TABLE * frame_bytes(found.findings)
)
_CONTENTS: Final = SharedCache[Hashable]("content", lambda _: 0)
_FORMER: Final = SharedCache[District]("former", district_bytes)


def current_workspace(language: Language) -> Workspace:
    """Return the district this server shows, as it is now, with a notice while it is opened."""
    store = current_store()
    key = store_key(store)
    content = _CONTENTS.find(key)
    kept = _WORKSPACES.find(content) if content else None
    if kept is not None:
        return kept
    with st.spinner(say("page.opening_district", language), show_time=True):
        content = _CONTENTS.get(key, lambda: _content(store.read()))
        return _WORKSPACES.get(content, lambda: Workspace.opened(store))


def _content(district: District) -> Hashable:
    """Return what a workspace is kept by: entries that change no row change no workspace."""
    return district.version, district.label


def whole_store() -> Store:
    """Return the live store of the district, all of it: for the server itself, not for a page."""
    with _OPENING:
        return _store(_folder(), os.environ.get(STORE_VARIABLE, ""))


def current_store() -> Store:
    """
    Return the live store of the district as whoever acts sees it and may use it.

    Raises
    ------
    AccessError
        If the account may not be used any more.
    """
    if who.register() is None:
        return whole_store()
    return SeenStore(whole_store(), who.current().sight, who.still())


def store_key(store: Store) -> Hashable:
    """Return the key of what a store holds now: another one whenever it may have changed."""
    return _folder(), store.stamp()


def _folder() -> str:
    """Return the folder of the district, "" for the demonstration."""
    return os.environ.get(DISTRICT_VARIABLE, "")


@lru_cache(maxsize=2)
def _store(folder: str, database: str) -> Store:
    return open_store(Path(folder), database) if folder else open_store(_demonstration())


@cache
def _demonstration() -> Path:
    """Return a folder with the demonstration, shared by all sessions until the server ends."""
    folder = make_folder("demonstration")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_district(demo.district(), folder)
    return folder


def former(version: str) -> District:
    """
    Return a version of the district by its digest, read once.

    Raises
    ------
    StoreError
        If the store never held it.
    """
    sight = who.current().sight
    key = (_folder(), sight, version)
    return _FORMER.get(key, lambda: visible(whole_store().read(version), sight))


def today() -> date:
    """Return the day in the office's own calendar."""
    return datetime.now(UTC).astimezone().date()


def assessment_of(place: Workspace, as_of: date, language: Language) -> Assessment:
    """Return the findings of `place` as of a date; pages that wait see place and progress."""
    key = (place.district.version, place.book.version, as_of.isoformat())

    def work(report: Report) -> Assessment:
        return assess(place, as_of, lambda share, _: report(share))

    return worked_out(_ASSESSMENTS, key, work, language)


def worked_out(
    kept: SharedCache[T],
    key: Hashable,
    work: Callable[[Report], T],
    language: Language,
    doing: str = "page.evaluating",
) -> T:
    """
    Return a value of a cache; what is not there yet is made in the queue of all sessions.

    Parameters
    ----------
    kept : SharedCache
        Where the value is kept.
    key : hashable
        Of the value.
    work : callable
        Makes it, in another thread.
    language : {"zh", "en"}
        Of the page, which shows the place in the queue and the progress.
    doing : str
        Key of the text that says what is being done, where the work itself does not.
    """
    found = kept.find(key)
    if found is not None:
        return found
    bar = st.progress(0.0, say(doing, language))

    def show(ahead: int, share: float, title: str) -> None:
        own = escaped(title) or say(doing, language)
        text = say("page.in_queue", language, n=ahead) if ahead else own
        bar.progress(min(max(share, 0.0), 1.0), text)

    made = _WORK.run((kept.name, key), lambda report: kept.get(key, lambda: work(report)), show)
    bar.empty()
    return made


def session_watch() -> Callable[[], bool]:
    """Return a function that tells, in any thread, whether this visitor's page is still open."""
    context = get_script_run_ctx()
    if context is None or not Runtime.exists():
        return lambda: True
    return partial(Runtime.instance().is_active_session, context.session_id)


def explain(error: Exception, language: Language) -> None:
    """Show `error` as a sentence: our own in the user's language, any other as an id in the log."""
    if isinstance(error, PlanningError):
        st.error(say("page.failed", language))
        st.text(told(error, language))
        return
    number = uuid4().hex[:8]
    _LOG.error("page failed, id %s", number, exc_info=error)
    st.error(
        say(
            "page.unexpected_error",
            language,
            number=number,
        )
    )
