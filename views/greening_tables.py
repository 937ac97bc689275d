"""The tables of the greening page: seedlings, indicators, the record, what is handed over."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from atlas.greening_book import greening_booklet
from atlas.request import PAPERS, Request
from exports.greening_book import greening_workbook
from exports.greening_photos import photo_archive
from greening.indicators import AREA_COLUMNS
from greening.overview import COLUMNS as OVERVIEW_COLUMNS
from greening.species import ROOT_LABELS, TOLERANCE_LABELS, Species
from greening.survival import COLUMNS
from greening.workflow import KIND_LABELS, Event, Kind
from layers.findings import OUTCOME_LABELS, VERIFIED_LABELS
from layers.greening_sites import STATES
from layers.spec import Column
from layers.trees import KINDS
from views.greening_desk import Desk, texts
from views.text import Words, message

_UNITS = {"株": "", "人": "", "比例": "share", "m²/人": "m²/person"}  # in English
_LEVELS = {
    "total": (message("Whole"), ()),
    "town": (message("Town"), ("town",)),
    "estate": (message("Estate"), ("town", "estate")),
    "site": (message("Greening site"), ("town", "estate", "site_id")),
}


def seedlings(desk: Desk, words: Words) -> None:
    """Show the seedling table, summed as asked, and the catalogue."""
    zh = words.language == "zh"
    table = desk.review.seedlings
    name = "species_zh" if zh else "species_en"
    by = st.segmented_control(
        words("Sum by"),
        list(_LEVELS),
        key="seedlings_by",
        default="total",
        required=True,
        format_func=lambda level: words(_LEVELS[level][0]),
    )
    levels = list(_LEVELS[str(by)][1])
    sums = table.groupby([*levels, name, "size", "supply_by"], dropna=False)
    counted = sums[["count", "to_supply"]].sum().reset_index()
    headings = {
        "town": words("Town"),
        "estate": words("Estate"),
        "site_id": words("Greening site"),
        name: words("Species"),
        "size": words("Size"),
        "supply_by": words("Due"),
        "count": words("Count"),
        "to_supply": words("Still to supply"),
    }
    st.dataframe(counted.rename(columns=headings), hide_index=True, key="seedling_table")
    st.markdown(
        words(
            "Total **{n}**, still to supply **{m}**",
            n=f"{int(table['count'].sum()):,}",
            m=f"{int(table['to_supply'].sum()):,}",
        )
    )
    with st.container(border=True, key="catalogue"):
        st.markdown(f"**{words('Species of the catalogue')}**")
        fitting = _fitting(desk, words)
        st.caption(words("{n} of {m} species", n=len(fitting), m=len(desk.review.species)))
        st.dataframe(_catalogue(fitting, words), hide_index=True, key="species_table")


def _fitting(desk: Desk, words: Words) -> list[Species]:
    """Ask what is wanted of a species; return those of the catalogue that are known to be so."""
    grades = texts(TOLERANCE_LABELS, words)
    traits = {
        "kind": (words("Form"), texts(KINDS, words)),
        "drought": (words("Drought"), grades),
        "cold": (words("Cold"), grades),
        "saline": (words("Salt"), grades),
        "root_class": (words("Roots"), texts(ROOT_LABELS, words)),
    }
    found = list(desk.review.species.values())
    with st.container(horizontal=True):
        for trait, (label, names) in traits.items():
            wanted = st.multiselect(
                label,
                list(names),
                key=f"species_{trait}",
                format_func=names.__getitem__,
                placeholder=words("any"),
            )
            found = [one for one in found if not wanted or getattr(one, trait) in wanted]
    return found


def _catalogue(found: Sequence[Species], words: Words) -> pd.DataFrame:
    """Return species as a table; a figure that is only remembered says so."""
    grades = {**texts(TOLERANCE_LABELS, words), "": "—"}
    roots = {**texts(ROOT_LABELS, words), "": "—"}

    def said(one: object, column: str, value: object) -> str:
        source = one.source(column)  # type: ignore[attr-defined]
        return f"{value}（{source}）" if words.language == "zh" else f"{value} ({source})"

    return pd.DataFrame(
        [
            {
                words("Species"): words.pick((one.name_zh, one.name_en)),
                "Latin": one.latin,
                words("Form"): words.pick(KINDS[one.kind]),
                words("Roots"): said(one, "root_class", roots[one.root_class]),
                words("Drought"): said(one, "drought", grades[one.drought]),
                words("Cold"): said(one, "cold", grades[one.cold]),
                words("Salt"): said(one, "saline", grades[one.saline]),
                words("Crown m"): said(one, "crown_m", one.crown_m),
                words("Height m"): said(one, "height_m", one.height_m),
                words("Spacing m"): said(one, "spacing_m", one.spacing_m),
                words("Unit price"): one.price_yuan,
            }
            for one in found
        ]
    )


def indicators(desk: Desk, words: Words) -> None:
    """Show areas and green rules, before and after."""
    zh, review = words.language == "zh", desk.review
    st.markdown(f"**{words('Areas by town')}**")
    typed(review.areas_by_town, words)
    st.markdown(f"**{words('Areas by estate')}**")
    typed(review.areas, words)
    st.markdown(f"**{words('Green rules before and after')}**")
    table = review.indicators
    outcomes = texts(OUTCOME_LABELS, words)
    st.dataframe(
        pd.DataFrame(
            {
                words("Estate"): table["estate"],
                words("Measure"): table["metric_zh" if zh else "metric_en"],
                words("Before"): table["before"].round(3),
                words("After"): table["after"].round(3),
                words("Threshold"): table["threshold"],
                words("Outcome before"): table["outcome_before"].map(outcomes),
                words("Outcome after"): table["outcome_after"].map(outcomes),
                words("Clause"): table["source_title"] + " " + table["clause"],
                words("How verified"): table["verified"].map(texts(VERIFIED_LABELS, words)),
            }
        ),
        hide_index=True,
        key="indicator_table",
    )


def typed(table: pd.DataFrame, words: Words) -> None:
    """Show a table under the labels of its columns."""
    labels = {c.name: _heading(c, words) for c in (*AREA_COLUMNS, *OVERVIEW_COLUMNS, *COLUMNS)}
    shown = table.assign(
        **({"state": table["state"].map(texts(STATES, words))} if "state" in table else {})
    )
    st.dataframe(shown.rename(columns=labels).round(3), hide_index=True)


def _heading(column: Column, words: Words) -> str:
    unit = column.unit if words.language == "zh" else _UNITS.get(column.unit, column.unit)
    return f"{column.label(words.language)} {unit}".strip()


def record(desk: Desk, words: Words) -> None:
    """Show the record, the latest first."""
    st.caption(
        words(
            "Append-only; every entry carries the digest of the one before. Last digest: {digest}",
            digest=desk.events[-1].digest if desk.events else "—",
        )
    )
    st.dataframe(
        pd.DataFrame(
            [
                {
                    words("No."): event.seq,
                    words("Greening site"): event.draft.site_id,
                    words("Entry"): words.pick(KIND_LABELS[event.draft.kind]),
                    words("State"): words.pick(
                        STATES.get(str(event.draft.payload.get("to", "")), ("", ""))
                    ),
                    words("Comment"): _said(event, desk, words),
                    words("Officer"): event.draft.who,
                    words("When"): event.draft.at,
                    words("Data version"): event.draft.data_version[:12],
                }
                for event in reversed(desk.events)
            ]
        ),
        hide_index=True,
        key="record_table",
    )


def _said(event: Event, desk: Desk, words: Words) -> str:
    """Return what an entry says in words: a comment, a note, or which species was meant."""
    payload = event.draft.payload
    if event.draft.kind is Kind.SPECIES:
        one = desk.review.species.get(payload["species_id"])
        meant = words.pick((one.name_zh, one.name_en)) if one else payload["species_id"]
        return f"{payload['name']} → {meant}"
    if payload.get("undoes"):
        return words("Takes back entry {n}", n=payload["undoes"])
    return str(payload.get("comment") or payload.get("note") or "")


def downloads(desk: Desk, words: Words) -> None:
    """Offer the workbook; it is made when it is asked for."""
    district = desk.review.district
    st.caption(
        words("Check, suggestions, seedlings, indicators, survival, rectification and record.")
    )
    st.download_button(
        words("Download workbook"),
        data=lambda: greening_workbook(desk.review, words.language, desk.events),
        file_name=f"{district.district_id}-greening-{district.version[:8]}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        on_click="ignore",
        key="download_greening",
    )
    _sheets(desk, words)
    shot = [event for event in desk.events if event.draft.payload.get("photo")]
    if not shot:
        return
    st.download_button(
        words("Download photos {n}", n=len(shot)),
        data=lambda: photo_archive(desk.review, desk.events, desk.photos),
        file_name=f"{district.district_id}-greening-photos.zip",
        mime="application/zip",
        icon=":material/photo_library:",
        on_click="ignore",
        key="download_photos",
    )


def _sheets(desk: Desk, words: Words) -> None:
    """Offer the sheets as a PDF, of all towns or of one; drawn when they are asked for."""
    review = desk.review
    towns = ["", *sorted(review.survival["town"].dropna().unique())]
    names = {"": words("All towns")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        town = str(
            st.selectbox(
                words("Town"), towns, key="sheets_town", format_func=lambda one: names.get(one, one)
            )
            or ""
        )
        paper = st.segmented_control(
            words("Paper"), list(PAPERS), key="sheets_paper", default="A3", required=True
        )
        request = Request(
            review.as_of.isoformat(),
            f"V{len(desk.events)}",
            town=town,
            paper=str(paper),
            language=words.language,
        )
        st.download_button(
            words("Download sheets (PDF)"),
            data=lambda: greening_booklet(review, request).pdf,
            file_name=f"{review.district.district_id}-greening-{review.district.version[:8]}.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
            key="download_sheets",
        )
    st.caption(
        words("Check and setting-out sheets per estate, seedlings, rectification sheet per town.")
    )
