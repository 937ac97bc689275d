"""The whole design at a glance: what came in, verdicts by town and estate, the worst conflicts."""

import pandas as pd
import streamlit as st

from greening.design import FAULT_LABELS, REPORT_COLUMNS
from greening.overview import worst
from layers.findings import VERIFIED_LABELS
from views.greening_desk import Desk, source_title, texts
from views.greening_tables import typed
from views.text import Words


def show(desk: Desk, words: Words) -> None:
    """Draw the part."""
    review = desk.review
    st.markdown(f"**{words('Designs as they came in')}**")
    labels = {c.name: c.label(words.language) for c in REPORT_COLUMNS}
    st.dataframe(review.report.rename(columns=labels), hide_index=True, key="design_report")
    st.caption(
        words(
            "Designs are brought in with litong import or on the page Data (layer plantings). "
            "Every planting read is listed once, as sound or with its faults."
        )
    )
    _faults(desk, words)
    st.markdown(f"**{words('By town')}**")
    typed(review.by_town, words)
    st.markdown(f"**{words('By estate')}**")
    typed(review.by_estate, words)
    _worst(desk, words)


def _faults(desk: Desk, words: Words) -> None:
    faults = desk.review.faults
    if faults.empty:
        return
    plantings = desk.review.district["plantings"].set_index("planting_id")
    rows = plantings.loc[faults["planting_id"]]
    with st.expander(words("Faults of the design {n}", n=len(faults))):
        st.dataframe(
            pd.DataFrame(
                {
                    words("No."): rows["number"].to_numpy(),
                    words("Fault"): faults["fault"].map(texts(FAULT_LABELS, words)).to_numpy(),
                    words("Other"): faults["other"].to_numpy(),
                    words("Source"): rows["source"].to_numpy(),
                    "X (E) m": rows.geometry.x.round(2).to_numpy(),
                    "Y (N) m": rows.geometry.y.round(2).to_numpy(),
                }
            ),
            hide_index=True,
            key="fault_table",
        )


def _worst(desk: Desk, words: Words) -> None:
    """List the conflicts that lack most; costs need prices, which are the office's to enter."""
    side = "zh" if words.language == "zh" else "en"
    found = worst(desk.review.found.pairs)
    sites = desk.review.survival.set_index("site_id")["estate"]
    st.markdown(f"**{words('Worst conflicts')}**")
    titles = found["source_id"].map(lambda code: source_title(desk, code, words))
    st.dataframe(
        pd.DataFrame(
            {
                words("Estate"): found["site_id"].map(sites),
                words("Greening site"): found["site_id"],
                words("No."): found["number"],
                words("Object"): found[f"object_{side}"],
                words("Clearance m"): found["distance_m"].round(3),
                words("Required m"): found["required_m"].round(3),
                words("Difference cm"): found["difference_cm"].round(1),
                words("How verified"): found["verified"].map(texts(VERIFIED_LABELS, words)),
                words("Clause"): titles + " " + found["clause"],
            }
        ),
        hide_index=True,
        key="worst_table",
    )
    st.caption(
        words("By what is lacking, not by cost: the catalogue has no prices until the office does.")
    )
