"""The whole design at a glance: what came in, verdicts by town and estate, the worst conflicts."""

import pandas as pd
import streamlit as st

from greening.design import FAULT_LABELS, REPORT_COLUMNS, Fault
from greening.overview import worst
from greening.workflow import WHOLE_DISTRICT, Kind
from layers.findings import VERIFIED_LABELS
from views.conflict_picture import conflict_picture
from views.greening_desk import Desk, source_title, texts, write
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
    _name_species(desk, words)
    _map(desk, words)
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


def _map(desk: Desk, words: Words) -> None:
    """Draw where plantings do not pass, of a town or of all; the figures are the table's."""
    table = desk.review.by_estate
    failing = table["short"] + table["verify"]
    towns = failing.groupby(table["town"]).sum().sort_values(ascending=False, kind="stable")
    town = st.segmented_control(
        words("Map of what does not pass"),
        [*towns.index, ""],
        key="conflict_town",
        default=towns.index[0] if len(towns) else "",
        required=True,
        format_func=lambda name: str(name) or words("All towns"),
    )
    shown = table[table["town"] == town] if town else table
    st.image(conflict_picture(desk.review, str(town or "")), width="stretch")
    short, verify = (int(shown[name].sum()) for name in ("short", "verify"))
    st.caption(
        words(
            "Red: too close {short}. Orange: to be probed {verify}. Beside each estate: too "
            "close / to be probed, as in the table below.",
            short=f"{short:,}",
            verify=f"{verify:,}",
        )
    )


def _name_species(desk: Desk, words: Words) -> None:
    """Ask which species of the catalogue a drawing means; what it writes is remembered."""
    faults = desk.review.faults
    written = faults[faults["fault"] == Fault.NO_SPECIES]["other"]
    counts = written[written != ""].value_counts().sort_index().to_dict()
    if not counts:
        return
    species = desk.review.species
    with st.container(border=True, key="species_form"):
        st.markdown(f"**{words('Which species is meant?')}**")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                words("Written in the drawing"),
                list(counts),
                key="species_written",
                format_func=lambda name: f"{name} · {counts[name]:,}",
            )
            st.selectbox(
                words("Species of the catalogue"),
                list(species),
                index=None,
                key="species_meant",
                placeholder=words("Unknown: stays to be named"),
                format_func=lambda one: words.pick((species[one].name_zh, species[one].name_en)),
            )
            st.button(words("Save"), key="save_species", on_click=_save_species, args=(desk, words))
        st.caption(
            words(
                "Remembered for every design that writes it so. Left unknown, a planting is "
                "counted as a tree, never passes where the crown counts, and stays a fault."
            )
        )


def _save_species(desk: Desk, words: Words) -> None:
    state = st.session_state
    payload = {"name": state["species_written"], "species_id": state.get("species_meant") or ""}
    if write(desk, WHOLE_DISTRICT, Kind.SPECIES, payload, words):
        state["species_meant"] = None


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
