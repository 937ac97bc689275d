"""What can be taken away: the filtered findings as a workbook, the layers as a GeoPackage."""

import streamlit as st

from exports.geopackage import layers_package
from exports.xlsx import findings_workbook
from layers.district import District
from rules.book import Book
from rules.full_table import full_table
from views import taking
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
    with left:
        taking.offer(
            say("common.download_workbook", language),
            lambda: findings_workbook(
                full_table(selection.findings, district, book),
                district,
                book,
                language=language,
                filters=filters,
            ),
            f"{district.district_id}-findings-{district.version[:8]}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            language,
            version=district.version,
            key="download_xlsx",
        )
    right.markdown(f"**{say('gaps.all_layers', language)}**")
    right.caption(say("gaps.layers_hint", language))
    with right:
        taking.offer(
            say("gaps.download_layers", language),
            lambda: layers_package(district),
            f"{district.district_id}-layers-{district.version[:8]}.gpkg",
            "application/geopackage+sqlite3",
            language,
            version=district.version,
            key="download_gpkg",
        )
