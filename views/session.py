"""
What every session shares, read-only: the district, the rulebook and the findings of each date.

`litong serve` names the district's folder in the environment variable LITONG_DISTRICT; without it
the demonstration district is built in memory.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from uuid import uuid4

import geopandas as gpd
import streamlit as st

import demo
from geo.errors import PlanningError
from layers.district import District
from rules.book import Book, load_book
from rules.evaluate import evaluate
from rules.situation import Situation
from store import read_district
from views.text import Words

DISTRICT_VARIABLE = "LITONG_DISTRICT"
_LOG = logging.getLogger("litong")
_EVALUATING = Lock()


@dataclass(frozen=True)
class Workspace:
    """A district and the rulebook it is held against."""

    district: District
    book: Book


@st.cache_resource(show_spinner=False)
def workspace(folder: str) -> Workspace:
    """Read the district of `folder` ("" for the demonstration) and its rulebook, once."""
    district = read_district(Path(folder)) if folder else demo.build("demo").district
    return Workspace(district, load_book(overlays=district.overlays))


def current_workspace(words: Words) -> Workspace:
    """Return the district this server shows, with a notice while it is being opened."""
    with st.spinner(words("Opening the district …"), show_time=True):
        return workspace(os.environ.get(DISTRICT_VARIABLE, ""))


def situation_of(place: Workspace) -> Situation:
    """Return doors and places of a district, snapped to its walkways once."""
    return _situation(place.district.version, place.book.version, place)


@st.cache_resource(show_spinner=False, max_entries=2)
def _situation(version: str, book_version: str, _place: Workspace) -> Situation:  # noqa: ARG001
    return Situation(_place.district, _place.book, date.max)


@st.cache_resource(show_spinner=False, max_entries=8)
def _answers(version: str, book_version: str, as_of: date) -> dict[str, gpd.GeoDataFrame]:  # noqa: ARG001
    """Return the box in which the findings of a version and a date are kept."""
    return {}


def findings_of(place: Workspace, as_of: date, words: Words) -> gpd.GeoDataFrame:
    """Return the findings of `place` as of a date; the first to ask sees a progress bar."""
    box = _answers(place.district.version, place.book.version, as_of)
    if "findings" not in box:
        bar = st.progress(0.0, words("Checking every estate against every rule …"))
        with _EVALUATING:
            if "findings" not in box:
                box["findings"] = evaluate(place.district, place.book, as_of, _shown_on(bar))
        bar.empty()
    return box["findings"]


def _shown_on(bar: st.delta_generator.DeltaGenerator) -> Callable[[float, str], None]:
    def report(share: float, _: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0))

    return report


def explain(error: Exception, words: Words) -> None:
    """Show `error` as a sentence: our own in the user's language, any other as an id in the log."""
    if isinstance(error, PlanningError):
        st.error(words("This could not be done:"))
        st.text(error.sentence(words.language))
        return
    number = uuid4().hex[:8]
    _LOG.error("page failed, id %s", number, exc_info=error)
    st.error(
        words(
            "Something went wrong. Please give the administrator this number: {number}",
            number=number,
        )
    )
