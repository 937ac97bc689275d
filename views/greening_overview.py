"""The whole design at a glance: what came in, verdicts by town and estate, the worst conflicts."""

import pandas as pd
import streamlit as st

from greening.design import FAULT_LABELS, REPORT_COLUMNS, DesignFault
from greening.overview import worst
from greening.workflow import WHOLE_DISTRICT, EventKind
from layers.findings import VERIFIED_LABELS
from views.conflict_picture import conflict_picture
from views.greening_session import PICTURES, GreeningSession, clauses_of, write
from views.greening_tables import typed
from wording import Language, in_language, say


def show(session: GreeningSession, language: Language) -> None:
    """Draw the part."""
    review = session.review
    st.markdown(f"**{say('greening.designs', language)}**")
    labels = {c.name: c.label(language) for c in REPORT_COLUMNS}
    st.dataframe(review.report.rename(columns=labels), hide_index=True, key="design_report")
    st.caption(say("greening.designs_hint", language))
    _faults(session, language)
    _name_species(session, language)
    _map(session, language)
    st.markdown(f"**{say('greening.by_town', language)}**")
    typed(review.by_town, language)
    st.markdown(f"**{say('greening.by_estate', language)}**")
    typed(review.by_estate, language)
    _worst(session, language)


def _faults(session: GreeningSession, language: Language) -> None:
    faults = session.review.faults
    if faults.empty:
        return
    plantings = session.review.district["plantings"].set_index("planting_id")
    rows = plantings.loc[faults["planting_id"]]
    with st.expander(say("greening.faults_of_design", language, n=len(faults))):
        st.dataframe(
            pd.DataFrame(
                {
                    say("greening.number", language): rows["number"].to_numpy(),
                    say("greening.fault", language): faults["fault"]
                    .map(in_language(FAULT_LABELS, language))
                    .to_numpy(),
                    say("greening.other", language): faults["other"].to_numpy(),
                    say("common.source", language): rows["source"].to_numpy(),
                    "X (E) m": rows.geometry.x.round(2).to_numpy(),
                    "Y (N) m": rows.geometry.y.round(2).to_numpy(),
                }
            ),
            hide_index=True,
            key="fault_table",
        )


def _map(session: GreeningSession, language: Language) -> None:
    """Draw where plantings do not pass, of a town or of all; the figures are the table's."""
    table = session.review.by_estate
    failing = table["short"] + table["verify"]
    towns = failing.groupby(table["town"]).sum().sort_values(ascending=False, kind="stable")
    town = st.segmented_control(
        say("greening.overview_map", language),
        [*towns.index, ""],
        key="conflict_town",
        default=towns.index[0] if len(towns) else "",
        required=True,
        format_func=lambda name: str(name) or say("greening.all_towns", language),
    )
    shown = table[table["town"] == town] if town else table
    where = str(town or "")
    picture = PICTURES.get(
        (session.key, "town", where), lambda: conflict_picture(session.review, where)
    )
    st.image(picture, width="stretch")
    short, verify = (int(shown[name].sum()) for name in ("short", "verify"))
    st.caption(
        say(
            "greening.overview_legend",
            language,
            short=f"{short:,}",
            verify=f"{verify:,}",
        )
    )


def _name_species(session: GreeningSession, language: Language) -> None:
    """Ask which species of the catalogue a drawing means; what it writes is remembered."""
    faults = session.review.faults
    written = faults[faults["fault"] == DesignFault.NO_SPECIES]["other"]
    counts = written[written != ""].value_counts().sort_index().to_dict()
    if not counts:
        return
    species = session.review.species
    with st.container(border=True, key="species_form"):
        st.markdown(f"**{say('greening.species_meant', language)}**")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                say("greening.written_as", language),
                list(counts),
                key="species_written",
                format_func=lambda name: f"{name} · {counts[name]:,}",
            )
            st.selectbox(
                say("greening.species_catalogue", language),
                list(species),
                index=None,
                key="species_meant",
                placeholder=say("greening.species_unknown", language),
                format_func=lambda one: species[one].name[language],
            )
            st.button(
                say("greening.save", language),
                key="save_species",
                on_click=_save_species,
                args=(session, language),
            )
        st.caption(say("greening.species_hint", language))


def _save_species(session: GreeningSession, language: Language) -> None:
    state = st.session_state
    payload = {"name": state["species_written"], "species_id": state.get("species_meant") or ""}
    if write(session, session.event(WHOLE_DISTRICT, EventKind.SPECIES, payload), language):
        state["species_meant"] = None


def _worst(session: GreeningSession, language: Language) -> None:
    """List the conflicts that lack most; costs need prices, which are the office's to enter."""
    found = worst(session.review.found.pairs)
    sites = session.review.survival.set_index("site_id")["estate"]
    st.markdown(f"**{say('greening.worst_conflicts', language)}**")
    st.dataframe(
        pd.DataFrame(
            {
                say("common.estate", language): found["site_id"].map(sites),
                say("greening.greening_site", language): found["site_id"],
                say("greening.number", language): found["number"],
                say("greening.object", language): found[f"object_{language}"],
                say("greening.clearance", language): found["distance_m"].round(3),
                say("greening.required", language): found["required_m"].round(3),
                say("greening.difference", language): found["difference_cm"].round(1),
                say("common.how_verified", language): found["verified"].map(
                    in_language(VERIFIED_LABELS, language)
                ),
                say("common.clause", language): clauses_of(session, found, language),
            }
        ),
        hide_index=True,
        key="worst_table",
    )
    st.caption(say("greening.priority_hint", language))
