"""The tables of the greening page: seedlings, indicators, the record, what is handed over."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from atlas.greening_book import greening_booklet
from atlas.request import PAPERS, Request
from exports.greening_book import greening_workbook
from exports.greening_photos import photo_archive
from greening.event_words import described
from greening.indicators import AREA_COLUMNS
from greening.overview import COLUMNS as OVERVIEW_COLUMNS
from greening.species import ROOT_LABELS, TOLERANCE_LABELS, Species
from greening.survival import COLUMNS
from greening.workflow import KIND_LABELS
from layers.findings import OUTCOME_LABELS, VERIFIED_LABELS, cited_clauses
from layers.greening_sites import STATES
from layers.spec import Column
from layers.trees import KINDS
from views import taking
from views.greening_session import GreeningSession
from wording import Language, in_language, say

_VERSION_DIGITS = 12
_LEVELS = {
    "total": ("greening.whole", ()),
    "town": ("common.town", ("town",)),
    "estate": ("common.estate", ("town", "estate")),
    "site": ("greening.greening_site", ("town", "estate", "site_id")),
}


def seedlings(session: GreeningSession, language: Language) -> None:
    """Show the seedling table, summed as asked, and the catalogue."""
    table = session.review.seedlings
    name = f"species_{language}"
    by = st.segmented_control(
        say("greening.sum_by", language),
        list(_LEVELS),
        key="seedlings_by",
        default="total",
        required=True,
        format_func=lambda level: say(_LEVELS[level][0], language),
    )
    levels = list(_LEVELS[str(by)][1])
    sums = table.groupby([*levels, name, "size", "supply_by"], dropna=False)
    counted = sums[["count", "to_supply"]].sum().reset_index()
    headings = {
        "town": say("common.town", language),
        "estate": say("common.estate", language),
        "site_id": say("greening.greening_site", language),
        name: say("greening.species", language),
        "size": say("greening.size", language),
        "supply_by": say("greening.due", language),
        "count": say("greening.count", language),
        "to_supply": say("greening.to_supply", language),
    }
    st.dataframe(counted.rename(columns=headings), hide_index=True, key="seedling_table")
    st.markdown(
        say(
            "greening.seedling_total",
            language,
            n=int(table["count"].sum()),
            m=int(table["to_supply"].sum()),
        )
    )
    with st.container(border=True, key="catalogue"):
        st.markdown(f"**{say('greening.species_catalogue', language)}**")
        fitting = _fitting(session, language)
        st.caption(
            say("greening.species_of", language, n=len(fitting), m=len(session.review.species))
        )
        st.dataframe(_catalogue(fitting, language), hide_index=True, key="species_table")


def _fitting(session: GreeningSession, language: Language) -> list[Species]:
    """Ask for the properties wanted; return the species known to have them."""
    grades = in_language(TOLERANCE_LABELS, language)
    traits = {
        "kind": (say("greening.form", language), in_language(KINDS, language)),
        "drought": (say("greening.drought", language), grades),
        "cold": (say("greening.cold", language), grades),
        "saline": (say("greening.salt", language), grades),
        "root_class": (say("greening.roots", language), in_language(ROOT_LABELS, language)),
    }
    found = list(session.review.species.values())
    with st.container(horizontal=True):
        for trait, (label, names) in traits.items():
            wanted = st.multiselect(
                label,
                list(names),
                key=f"species_{trait}",
                format_func=names.__getitem__,
                placeholder=say("greening.any", language),
            )
            found = [one for one in found if not wanted or getattr(one, trait) in wanted]
    return found


def _catalogue(found: Sequence[Species], language: Language) -> pd.DataFrame:
    """Return species as a table; a figure held from memory is marked."""
    grades = {**in_language(TOLERANCE_LABELS, language), "": "—"}
    roots = {**in_language(ROOT_LABELS, language), "": "—"}

    def said(one: object, column: str, value: object) -> str:
        source = one.source(column)  # type: ignore[attr-defined]
        return say("common.with_detail", language, text=value, detail=source)

    return pd.DataFrame(
        [
            {
                say("greening.species", language): one.name[language],
                "Latin": one.latin,
                say("greening.form", language): KINDS[one.kind][language],
                say("greening.roots", language): said(one, "root_class", roots[one.root_class]),
                say("greening.drought", language): said(one, "drought", grades[one.drought]),
                say("greening.cold", language): said(one, "cold", grades[one.cold]),
                say("greening.salt", language): said(one, "saline", grades[one.saline]),
                say("greening.crown", language): said(one, "crown_m", one.crown_m),
                say("greening.height", language): said(one, "height_m", one.height_m),
                say("greening.spacing", language): said(one, "spacing_m", one.spacing_m),
                say("greening.unit_price", language): one.price_yuan,
            }
            for one in found
        ]
    )


def indicators(session: GreeningSession, language: Language) -> None:
    """Show areas and green rules, before and after."""
    review = session.review
    st.markdown(f"**{say('greening.areas_town', language)}**")
    typed(review.areas_by_town, language)
    st.markdown(f"**{say('greening.areas_estate', language)}**")
    typed(review.areas, language)
    st.markdown(f"**{say('greening.green_rules_before_after', language)}**")
    table = review.indicators
    outcomes = in_language(OUTCOME_LABELS, language)
    st.dataframe(
        pd.DataFrame(
            {
                say("common.estate", language): table["estate"],
                say("greening.measure", language): table[f"metric_{language}"],
                say("greening.before", language): table["before"].round(3),
                say("greening.after", language): table["after"].round(3),
                say("common.threshold", language): table["threshold"],
                say("greening.outcome_before", language): table["outcome_before"].map(outcomes),
                say("greening.outcome_after", language): table["outcome_after"].map(outcomes),
                say("common.clause", language): cited_clauses(
                    table["source_title"], table["clause"]
                ),
                say("common.how_verified", language): table["verified"].map(
                    in_language(VERIFIED_LABELS, language)
                ),
            }
        ),
        hide_index=True,
        key="indicator_table",
    )


def typed(table: pd.DataFrame, language: Language) -> None:
    """Show a table under the labels of its columns."""
    labels = {c.name: _heading(c, language) for c in (*AREA_COLUMNS, *OVERVIEW_COLUMNS, *COLUMNS)}
    shown = table.assign(
        **({"state": table["state"].map(in_language(STATES, language))} if "state" in table else {})
    )
    st.dataframe(shown.rename(columns=labels).round(3), hide_index=True)


def _heading(column: Column, language: Language) -> str:
    return f"{column.label(language)} {column.unit_in(language)}".strip()


def record(session: GreeningSession, language: Language) -> None:
    """Show the events, the latest first."""
    st.caption(say("greening.record_hint", language))
    st.dataframe(
        pd.DataFrame(
            [
                {
                    say("greening.number", language): event.seq,
                    say("greening.greening_site", language): event.site_id,
                    say("greening.entry", language): KIND_LABELS[event.kind][language],
                    say("greening.what", language): described(event, language),
                    say("greening.officer", language): event.by,
                    say("common.when", language): event.at,
                    say("common.data_version", language): event.data_version[:_VERSION_DIGITS],
                    say("data.version", language): event.version[:_VERSION_DIGITS],
                }
                for event in reversed(session.events)
            ]
        ),
        hide_index=True,
        key="record_table",
    )


def downloads(session: GreeningSession, language: Language) -> None:
    """Offer the workbook; it is made when it is asked for."""
    district = session.review.district
    st.caption(say("greening.workbook_hint", language))
    version = session.review.kept.version
    taking.offer(
        say("common.download_workbook", language),
        lambda: greening_workbook(session.review, language, session.events),
        f"{district.district_id}-greening-{version[:8]}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        language,
        version=version,
        key="download_greening",
    )
    _sheets(session, language)
    shot = [event for event in session.events if event.payload.get("photo")]
    if not shot:
        return
    taking.offer(
        say("greening.download_photos", language, n=len(shot)),
        lambda: photo_archive(session.review, session.events, session.store.blob),
        f"{district.district_id}-greening-photos.zip",
        "application/zip",
        language,
        version=version,
        icon=":material/photo_library:",
        key="download_photos",
    )


def _sheets(session: GreeningSession, language: Language) -> None:
    """Offer the sheets as a PDF, of all towns or of one; drawn when they are asked for."""
    review = session.review
    towns = ["", *sorted(review.survival["town"].dropna().unique())]
    names = {"": say("greening.all_towns", language)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        town = str(
            st.selectbox(
                say("common.town", language),
                towns,
                key="sheets_town",
                format_func=lambda one: names.get(one, one),
            )
            or ""
        )
        paper = st.segmented_control(
            say("common.paper", language),
            list(PAPERS),
            key="sheets_paper",
            default="A3",
            required=True,
        )
        request = Request(
            review.as_of.isoformat(),
            f"V{len(session.events)}",
            town=town,
            paper=str(paper),
            language=language,
        )
        taking.offer(
            say("greening.download_sheets_pdf", language),
            lambda: greening_booklet(review, request).pdf,
            f"{review.district.district_id}-greening-{review.kept.version[:8]}.pdf",
            "application/pdf",
            language,
            version=review.kept.version,
            icon=":material/picture_as_pdf:",
            key="download_sheets",
        )
    st.caption(say("greening.sheets_hint", language))
