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
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Lock
from uuid import uuid4

import streamlit as st

import demo
from geo.errors import PlanningError
from layers.district import District
from services.assessment import Assessment, Workspace, assess
from store import STORE_VARIABLE, Store, open_store, write_district
from store.scratch import make_folder
from wording import Language, say

DISTRICT_VARIABLE = "LITONG_DISTRICT"
_LOG = logging.getLogger("litong")
_EVALUATING = Lock()


@st.cache_resource(show_spinner=False, max_entries=2)
def workspace(folder: str, stamp: str) -> Workspace:  # noqa: ARG001  (a new stamp, read again)
    """Read the district of `folder` ("" for the demonstration) and its rulebook, once a `stamp`."""
    return Workspace.opened(_store(folder))


@st.cache_resource(show_spinner=False, max_entries=2)
def _store(folder: str) -> Store:
    if not folder:
        return open_store(_demonstration())
    return open_store(Path(folder), os.environ.get(STORE_VARIABLE, ""))


@st.cache_resource(show_spinner=False)
def _demonstration() -> Path:
    """Return a folder with the demonstration, shared by all sessions until the server ends."""
    folder = make_folder("demonstration")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_district(demo.district(), folder)
    return folder


def current_workspace(language: Language) -> Workspace:
    """Return the district this server shows, as it is now, with a notice while it is opened."""
    folder = os.environ.get(DISTRICT_VARIABLE, "")
    with st.spinner(say("page.opening_district", language), show_time=True):
        return workspace(folder, _store(folder).stamp())


def current_store() -> Store:
    """Return the live store of the district."""
    return _store(os.environ.get(DISTRICT_VARIABLE, ""))


def former(version: str) -> District:
    """
    Return a version of the district by its digest, read once.

    Raises
    ------
    StoreError
        If the store never held it.
    """
    return _former(os.environ.get(DISTRICT_VARIABLE, ""), version)


@st.cache_resource(show_spinner=False, max_entries=4)
def _former(folder: str, version: str) -> District:
    return _store(folder).read(version)


@st.cache_resource(show_spinner=False, max_entries=8)
def _assessment_slot(key: tuple[str, str, str]) -> dict[str, Assessment]:  # noqa: ARG001
    """Return the mutable slot that caches one assessment."""
    return {}


def assessment_of(place: Workspace, as_of: date, language: Language) -> Assessment:
    """Return the findings of `place` as of a date; the first to ask sees a progress bar."""
    key = (place.district.version, place.book.version, as_of.isoformat())
    slot = _assessment_slot(key)
    if "done" not in slot:
        bar = st.progress(0.0, say("page.evaluating", language))
        with _EVALUATING:
            if "done" not in slot:
                slot["done"] = assess(place, as_of, _shown_on(bar))
        bar.empty()
    return slot["done"]


def _shown_on(bar: st.delta_generator.DeltaGenerator) -> Callable[[float, str], None]:
    def report(share: float, _: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0))

    return report


def explain(error: Exception, language: Language) -> None:
    """Show `error` as a sentence: our own in the user's language, any other as an id in the log."""
    if isinstance(error, PlanningError):
        st.error(say("page.failed", language))
        st.text(error.sentence(language))
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
