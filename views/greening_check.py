"""Checking one site: the picture, what does not pass and why, suggestions, moves, faults."""

from typing import Any

import pandas as pd
import streamlit as st

from clearances.verdict import VERDICT_LABELS, ClearanceVerdict
from layers.findings import VERIFIED_LABELS, cited
from views import greening_moves, greening_suggested
from views.greening_session import PICTURES, GreeningSession, clauses_of, source_title
from views.markdown import escaped
from views.site_picture import site_picture
from wording import Language, in_language, say

_UNVERIFIED = "recall"


def show(session: GreeningSession, language: Language) -> None:
    """Draw the part."""
    site_id = choose_site(session, language)
    left, right = st.columns([13, 9], gap="medium")
    with right:
        finding_id = _pairs(session, site_id, language)
        greening_suggested.show(session, site_id, language)
        greening_moves.show(session, site_id, language)
    with left:
        shown = (session.key, site_id, finding_id)
        picture = PICTURES.get(shown, lambda: site_picture(session.review, site_id, finding_id))
        st.image(picture, width="stretch")
        st.caption(say("greening.picture_legend", language))
        st.caption(say("greening.internal_material", language))
        if finding_id:
            _evidence(session, finding_id, language)


def choose_site(session: GreeningSession, language: Language) -> str:
    """Draw the choice of a site, by estate, and return its id."""
    sites = session.review.district["greening_sites"].set_index("site_id")
    survival = session.review.survival.set_index("site_id")
    estates = survival["estate"].fillna("—").to_dict()
    names = {
        None: say("greening.all_estates", language),
        **{name: name for name in sorted(set(estates.values()))},
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        estate = st.selectbox(
            say("common.estate", language),
            list(names),
            key="greening_estate",
            format_func=lambda n: names[n],
        )
        listed = [site for site in sites.index if estate is None or estates[site] == estate]
        return str(
            st.selectbox(
                say("greening.greening_site", language),
                listed,
                key="greening_site",
                format_func=lambda site: f"{estates[site]} · {_name(sites, site)}",
            )
        )


def _name(sites: pd.DataFrame, site_id: str) -> str:
    return str(sites["name"].fillna("—")[site_id])


def _pairs(session: GreeningSession, site_id: str, language: Language) -> str:
    """List what does not pass; return the finding selected, "" if none."""
    pairs = session.review.found.pairs
    own = pairs[(pairs["site_id"] == site_id) & (pairs["plant_layer"] == "plantings")]
    failing = own[own["verdict"] != ClearanceVerdict.MET]
    if failing.empty:
        _say_none_fails(session, site_id, language)
        return ""
    table = pd.DataFrame(
        {
            say("greening.number", language): failing["number"],
            say("greening.verdict", language): failing["verdict"].map(
                in_language(VERDICT_LABELS, language)
            ),
            say("greening.object", language): failing[f"object_{language}"],
            say("greening.clearance", language): failing["distance_m"].round(3),
            say("greening.required", language): failing["required_m"].round(3),
            say("greening.difference", language): failing["difference_cm"].round(1),
            say("common.how_verified", language): failing["verified"].map(
                in_language(VERIFIED_LABELS, language)
            ),
            say("common.clause", language): clauses_of(session, failing, language),
            say("greening.note", language): failing[f"note_{language}"],
            say("greening.object_id", language): failing["object_id"],
        }
    )
    event = st.dataframe(
        table,
        hide_index=True,
        height=260,
        key=f"pairs_{site_id}",
        on_select="rerun",
        selection_mode="single-row",
    )
    if (failing["verified"] == _UNVERIFIED).any():
        label = VERIFIED_LABELS[_UNVERIFIED][language]
        st.caption(say("greening.unverified", language, mark=label))
    rows = event["selection"]["rows"]
    return str(failing["finding_id"].iloc[rows[0]]) if rows else ""


def _say_none_fails(session: GreeningSession, site_id: str, language: Language) -> None:
    """Say that nothing fails; where layers were never surveyed, that nothing can pass either."""
    plants = session.review.found.plants
    own = plants[(plants["site_id"] == site_id) & (plants["plant_layer"] == "plantings")]
    if own.empty:
        st.info(say("greening.no_plantings", language))
    elif (own["verdict"] == ClearanceVerdict.UNKNOWN).any():
        st.warning(say("greening.no_conflict_but_unsurveyed", language))
    else:
        st.success(say("greening.all_pass", language))


def _evidence(session: GreeningSession, finding_id: str, language: Language) -> None:
    """Draw everything about one finding: object, distance, requirement and clause."""
    pairs = session.review.found.pairs
    pair = pairs[pairs["finding_id"] == finding_id].iloc[0].to_dict()
    measured = f"{pair['distance_m']:.3f} m ({pair['difference_cm']:+.1f} cm)"
    facts = {
        say("greening.number", language): pair["number"],
        say("greening.verdict", language): VERDICT_LABELS[pair["verdict"]][language],
        say(
            "greening.object", language
        ): f"{pair[f'object_{language}']} {_described(session, pair, language)}",
        say("greening.clearance", language): measured,
        say("greening.required", language): f"{pair['required_m']:.3f} m",
        say("greening.survey_accuracy", language): _metres(pair["accuracy_m"], language),
        say("common.clause", language): cited(
            source_title(session, pair["source_id"], language), pair["clause"]
        ),
        say("common.how_verified", language): VERIFIED_LABELS[pair["verified"]][language],
        say("greening.note", language): pair[f"note_{language}"] or "—",
    }
    with st.container(border=True, key="evidence"):
        st.markdown(
            "  \n".join(f"**{escaped(name)}**　{escaped(value)}" for name, value in facts.items())
        )


def _described(session: GreeningSession, pair: dict[Any, Any], language: Language) -> str:
    """Return the object's id, with the diameter and depth of a pipe."""
    if pair["object_layer"] != "pipelines":
        return str(pair["object_id"])
    pipe = session.review.district["pipelines"].set_index("pipe_id").loc[pair["object_id"]]
    wide = (
        say("common.unknown", language)
        if pd.isna(pipe["diameter_mm"])
        else f"{pipe['diameter_mm']:g} mm"
    )
    deep = _metres(pipe["depth_m"], language)
    outer, depth = say("greening.outer_diameter", language), say("greening.depth", language)
    return f"{pair['object_id']} · {outer} {wide} · {depth} {deep}"


def _metres(value: float, language: Language) -> str:
    return say("common.unknown", language) if pd.isna(value) else f"{value:g} m"
