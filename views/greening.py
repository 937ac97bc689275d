"""The greening page: check a design, order seedlings, follow the sites, accept them."""

from collections.abc import Callable, Mapping

import streamlit as st

import layers
from clearances.verdict import VERDICT_LABELS, Verdict
from views import (
    greening_check,
    greening_overview,
    greening_survival,
    greening_tables,
    header,
    site_visit,
)
from views.greening_desk import Desk, open_desk, show_said
from views.session import current_workspace
from views.text import Words, plain


def render(words: Words) -> None:
    """Draw the page."""
    place = current_workspace(words)
    on_site = st.session_state.get("greening_part") == "visit"
    if not on_site:
        header.show(place.district, words)
    if place.district["greening_sites"].empty:
        st.info(words("This district has no greening sites yet."))
        if place.district["plantings"].empty:
            return
    desk = open_desk(place, words)
    show_said()
    if not on_site:  # on the phone the form comes first
        _figures(desk, words)
    parts: Mapping[str, tuple[str, Callable[[Desk, Words], None]]] = {
        "check": (words("Check and accept"), greening_check.show),
        "overview": (words("Overview"), greening_overview.show),
        "visit": (words("Site visit"), site_visit.show),
        "seedlings": (words("Seedlings"), greening_tables.seedlings),
        "indicators": (words("Indicators"), greening_tables.indicators),
        "survival": (words("Survival"), greening_survival.show),
        "record": (words("Record"), greening_tables.record),
        "downloads": (words("Downloads"), greening_tables.downloads),
    }
    if place.district["greening_sites"].empty:  # a design came in before the beds were drawn
        greening_overview.show(desk, words)
        return
    part = st.segmented_control(
        words("Part of the page"),
        list(parts),
        key="greening_part",
        default="check",
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: parts[name][0],
    )
    parts[str(part)][1](desk, words)


def _figures(desk: Desk, words: Words) -> None:
    """Draw the figures of the whole design: the sums of the tables below."""
    review = desk.review
    proposed = review.found.plants[review.found.plants["plant_layer"] == "plantings"]
    counts = proposed["verdict"].value_counts()
    living = int(review.survival[["alive", "replanted"]].sum().sum())
    parts = [
        f"{words('Sites')} **{len(review.standings):,}**",
        f"{words('Plantings')} **{len(proposed):,}**",
        *(
            f"{words.pick(VERDICT_LABELS[verdict])} **{int(counts.get(verdict, 0)):,}**"
            for verdict in Verdict
            if counts.get(verdict, 0)
        ),
        f"{words('Still to supply')} **{int(review.seedlings['to_supply'].sum()):,}**",
        f"{words('Planted')} **{int(review.survival['planted'].sum()):,}**",
        f"{words('Alive')} **{living:,}**",
    ]
    with st.container(key="greening_figures"):
        st.markdown("　".join(parts))
        if review.found.lacking:
            labels = [layers.ALL[name].label(words.language) for name in review.found.lacking]
            names = ("、" if words.language == "zh" else ", ").join(labels)
            st.caption(words("Never surveyed, so nothing can pass: {names}", names=plain(names)))
        if review.caution:
            title = review.book.sources[review.caution].title
            st.caption(
                words(
                    "The tables applied were superseded by {title}; to be checked.",
                    title=plain(title),
                )
            )
        if review.refused:
            numbers = "、".join(sorted({change.planting_id for change in review.refused}))
            st.caption(
                words(
                    "The design came in anew; these changes no longer fit: {ids}",
                    ids=plain(numbers),
                )
            )
