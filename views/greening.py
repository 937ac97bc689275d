"""The greening page: check a design, order seedlings, follow the sites, accept them."""

from collections.abc import Callable, Mapping

import streamlit as st

import layers
from clearances.verdict import VERDICT_LABELS, ClearanceVerdict
from views import (
    greening_check,
    greening_overview,
    greening_survival,
    greening_tables,
    header,
    said,
    site_visit,
)
from views.greening_session import GreeningSession, open_session
from views.markdown import escaped
from views.session import current_workspace
from wording import Language, listing, say


def render(language: Language) -> None:
    """Draw the page."""
    place = current_workspace(language)
    on_site = st.session_state.get("greening_part") == "visit"
    if not on_site:
        header.show(place.district, language)
    if place.district["greening_sites"].empty:
        st.info(say("greening.no_sites", language))
        if place.district["plantings"].empty:
            return
    session = open_session(place, language)
    said.show("greening")
    if not on_site:  # on the phone the form comes first
        _figures(session, language)
    parts: Mapping[str, tuple[str, Callable[[GreeningSession, Language], None]]] = {
        "check": (say("greening.check_and_accept", language), greening_check.show),
        "overview": (say("greening.overview", language), greening_overview.show),
        "visit": (say("greening.site_visit", language), site_visit.show),
        "seedlings": (say("greening.seedlings", language), greening_tables.seedlings),
        "indicators": (say("greening.indicators", language), greening_tables.indicators),
        "survival": (say("greening.survival", language), greening_survival.show),
        "record": (say("greening.record", language), greening_tables.record),
        "downloads": (say("common.downloads", language), greening_tables.downloads),
    }
    if place.district["greening_sites"].empty:  # a design came in before the beds were drawn
        greening_overview.show(session, language)
        return
    part = st.segmented_control(
        say("common.part", language),
        list(parts),
        key="greening_part",
        default="check",
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: parts[name][0],
    )
    parts[str(part)][1](session, language)


def _figures(session: GreeningSession, language: Language) -> None:
    """Draw the figures of the whole design: the sums of the tables below."""
    review = session.review
    proposed = review.found.plants[review.found.plants["plant_layer"] == "plantings"]
    counts = proposed["verdict"].value_counts()
    living = int(review.survival[["alive", "replanted"]].sum().sum())
    parts = [
        f"{say('greening.sites', language)} **{len(review.statuses):,}**",
        f"{say('greening.plantings', language)} **{len(proposed):,}**",
        *(
            f"{VERDICT_LABELS[verdict][language]} **{int(counts.get(verdict, 0)):,}**"
            for verdict in ClearanceVerdict
            if counts.get(verdict, 0)
        ),
        f"{say('greening.to_supply', language)} **{int(review.seedlings['to_supply'].sum()):,}**",
        f"{say('greening.planted', language)} **{int(review.survival['planted'].sum()):,}**",
        f"{say('greening.alive', language)} **{living:,}**",
    ]
    with st.container(key="greening_figures"):
        st.markdown("　".join(parts))
        if review.found.lacking:
            labels = [layers.ALL[name].label(language) for name in review.found.lacking]
            names = listing(labels, language)
            st.caption(say("greening.never_surveyed", language, names=escaped(names)))
        if review.caution:
            title = review.book.sources[review.caution].title
            st.caption(
                say(
                    "greening.superseded",
                    language,
                    title=escaped(title),
                )
            )
