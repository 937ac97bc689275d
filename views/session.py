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
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from uuid import uuid4

import geopandas as gpd
import streamlit as st

import demo
from geo.errors import PlanningError
from layers.district import District
from rules.book import Book, load_book
from rules.context import EvaluationContext
from rules.evaluate import evaluate
from rules.full_table import full_table
from store import STORE_VARIABLE, Store, open_store, write_district
from wording import Language, say

DISTRICT_VARIABLE = "LITONG_DISTRICT"
_LOG = logging.getLogger("litong")
_EVALUATING = Lock()


@dataclass(frozen=True)
class Workspace:
    """A district and the rulebook it is held against."""

    district: District
    book: Book


@st.cache_resource(show_spinner=False, max_entries=2)
def workspace(folder: str, stamp: str) -> Workspace:  # noqa: ARG001  (a new stamp, a new reading)
    """Read the district of `folder` ("" for the demonstration) and its rulebook, once a `stamp`."""
    district = _store(folder).read()
    return Workspace(district, load_book(overlays=district.overlays))


@st.cache_resource(show_spinner=False, max_entries=2)
def _store(folder: str) -> Store:
    if not folder:
        return open_store(_demonstration())
    return open_store(Path(folder), os.environ.get(STORE_VARIABLE, ""))


@st.cache_resource(show_spinner=False)
def _demonstration() -> Path:
    """Return a folder with the demonstration, for everybody to try until the server ends."""
    folder = Path(tempfile.mkdtemp(prefix="litong-demonstration-"))
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


def context_of(place: Workspace) -> EvaluationContext:
    """Return doors and places of a district, snapped to its walkways once."""
    return _context(place.district.version, place.book.version, place)


@st.cache_resource(show_spinner=False, max_entries=2)
def _context(version: str, book_version: str, _place: Workspace) -> EvaluationContext:  # noqa: ARG001
    return EvaluationContext(_place.district, _place.book, date.max)


@dataclass(frozen=True, eq=False)
class Assessment:
    """
    The findings of one district on one day, ready to be asked for again and again.

    Attributes
    ----------
    place : Workspace
        What was evaluated, and the rulebook it was held against.
    findings : geopandas.GeoDataFrame
        As `rules.evaluate.evaluate` returned them.
    key : tuple of str
        District version, rulebook version and date: what caches go by.
    """

    place: Workspace
    findings: gpd.GeoDataFrame
    key: tuple[str, str, str]

    @cached_property
    def departments(self) -> list[str]:
        """Every body that answers for a finding, by name."""
        book = self.place.book
        rules = (book.by_id[rule] for rule in self.findings["rule_id"].unique())
        bodies = {body for rule in rules for body in book.items[rule.item].departments}
        return sorted(book.departments[body].name for body in bodies)

    @cached_property
    def full(self) -> gpd.GeoDataFrame:
        """The full table of the findings."""
        return full_table(self.findings, self.place.district, self.place.book)


@st.cache_resource(show_spinner=False, max_entries=8)
def _box(key: tuple[str, str, str]) -> dict[str, Assessment]:  # noqa: ARG001
    """Return the box in which the assessment of a version and a date is kept."""
    return {}


def assessment_of(place: Workspace, as_of: date, language: Language) -> Assessment:
    """Return the findings of `place` as of a date; the first to ask sees a progress bar."""
    key = (place.district.version, place.book.version, as_of.isoformat())
    box = _box(key)
    if "done" not in box:
        bar = st.progress(0.0, say("page.evaluating", language))
        with _EVALUATING:
            if "done" not in box:
                findings = evaluate(place.district, place.book, as_of, _shown_on(bar))
                box["done"] = Assessment(place, findings, key)
        bar.empty()
    return box["done"]


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
