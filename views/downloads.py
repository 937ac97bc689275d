"""What can be taken away: the filtered findings as a workbook, the layers as a GeoPackage."""

import streamlit as st

from exports.geopackage import layers_package
from exports.xlsx import findings_workbook
from layers.district import District
from rules.book import Book
from rules.full_table import full_table
from views.selection import Selection
from views.text import Words


def show(
    district: District,
    book: Book,
    selection: Selection,
    filters: list[tuple[str, str]],
    words: Words,
) -> None:
    """Offer the downloads; each file is made when it is asked for."""
    left, right = st.columns(2)
    left.markdown(f"**{words('Findings, as filtered')}**")
    left.caption(
        words(
            "{n} findings, with units, thresholds and clauses; opens in WPS and Excel.",
            n=f"{len(selection.findings):,}",
        )
    )
    left.download_button(
        words("Download workbook"),
        data=lambda: findings_workbook(
            full_table(selection.findings, district, book),
            district,
            book,
            language=words.language,
            filters=filters,
        ),
        file_name=f"{district.district_id}-findings-{district.version[:8]}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        on_click="ignore",
        key="download_xlsx",
    )
    right.markdown(f"**{words('All layers')}**")
    right.caption(words("GeoPackage in CGCS2000 longitude and latitude; opens in QGIS."))
    right.download_button(
        words("Download layers"),
        data=lambda: layers_package(district),
        file_name=f"{district.district_id}-layers-{district.version[:8]}.gpkg",
        mime="application/geopackage+sqlite3",
        icon=":material/download:",
        on_click="ignore",
        key="download_gpkg",
    )
