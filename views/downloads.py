"""What can be taken away: the filtered findings as a workbook, the layers as a GeoPackage."""

import streamlit as st

from exports.geopackage import layers_package
from exports.xlsx import findings_workbook
from layers.district import District
from rules.book import Book
from rules.full_table import full_table
from views.selection import FilteredFindings
from wording import Language, say


def show(
    district: District,
    book: Book,
    selection: FilteredFindings,
    filters: list[tuple[str, str]],
    language: Language,
) -> None:
    """Offer the downloads; each file is made when it is asked for."""
    left, right = st.columns(2)
    left.markdown(f"**{say('gaps.findings_as_filtered', language)}**")
    left.caption(
        say(
            "gaps.workbook_hint",
            language,
            n=len(selection.findings),
        )
    )
    left.download_button(
        say("common.download_workbook", language),
        data=lambda: findings_workbook(
            full_table(selection.findings, district, book),
            district,
            book,
            language=language,
            filters=filters,
        ),
        file_name=f"{district.district_id}-findings-{district.version[:8]}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        on_click="ignore",
        key="download_xlsx",
    )
    right.markdown(f"**{say('gaps.all_layers', language)}**")
    right.caption(say("gaps.layers_hint", language))
    right.download_button(
        say("gaps.download_layers", language),
        data=lambda: layers_package(district),
        file_name=f"{district.district_id}-layers-{district.version[:8]}.gpkg",
        mime="application/geopackage+sqlite3",
        icon=":material/download:",
        on_click="ignore",
        key="download_gpkg",
    )
