"""Checking one site: the picture, what does not pass and why, suggestions, moves, faults."""

from typing import Any

import pandas as pd
import streamlit as st

from clearances.verdict import VERDICT_LABELS, Verdict
from layers.findings import VERIFIED_LABELS
from views import greening_moves, greening_suggested
from views.greening_desk import Desk, source_title, texts
from views.site_picture import site_picture
from views.text import Words, plain

_UNVERIFIED = "recall"


def show(desk: Desk, words: Words) -> None:
    """Draw the part."""
    site_id = choose_site(desk, words)
    left, right = st.columns([13, 9], gap="medium")
    with right:
        finding_id = _pairs(desk, site_id, words)
        greening_suggested.show(desk, site_id, words)
        greening_moves.show(desk, site_id, words)
    with left:
        st.image(site_picture(desk.review, site_id, finding_id), width="stretch")
        st.caption(
            words(
                "Light green: plantable ground. Filled circles: plantings by verdict. Blue: "
                "suggested place. Dashed grey: as designed. Cross: no place in this bed."
            )
        )
        st.caption(words("Internal material: pipes are not to be passed on."))
        if finding_id:
            _evidence(desk, finding_id, words)


def choose_site(desk: Desk, words: Words) -> str:
    """Draw the choice of a site, by estate, and return its id."""
    sites = desk.review.district["greening_sites"].set_index("site_id")
    survival = desk.review.survival.set_index("site_id")
    estates = survival["estate"].fillna("—").to_dict()
    names = {None: words("All estates"), **{name: name for name in sorted(set(estates.values()))}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        estate = st.selectbox(
            words("Estate"), list(names), key="greening_estate", format_func=lambda n: names[n]
        )
        listed = [site for site in sites.index if estate is None or estates[site] == estate]
        return str(
            st.selectbox(
                words("Greening site"),
                listed,
                key="greening_site",
                format_func=lambda site: f"{estates[site]} · {_name(sites, site)}",
            )
        )


def _name(sites: pd.DataFrame, site_id: str) -> str:
    return str(sites["name"].fillna("—")[site_id])


def _pairs(desk: Desk, site_id: str, words: Words) -> str:
    """List what does not pass; return the finding selected, "" if none."""
    pairs = desk.review.found.pairs
    own = pairs[(pairs["site_id"] == site_id) & (pairs["plant_layer"] == "plantings")]
    failing = own[own["verdict"] != Verdict.MET]
    if failing.empty:
        _say_none_fails(desk, site_id, words)
        return ""
    zh = words.language == "zh"
    titles = failing["source_id"].map(lambda code: source_title(desk, code, words))
    table = pd.DataFrame(
        {
            words("No."): failing["number"],
            words("Verdict"): failing["verdict"].map(texts(VERDICT_LABELS, words)),
            words("Object"): failing["object_zh" if zh else "object_en"],
            words("Clearance m"): failing["distance_m"].round(3),
            words("Required m"): failing["required_m"].round(3),
            words("Difference cm"): failing["difference_cm"].round(1),
            words("How verified"): failing["verified"].map(texts(VERIFIED_LABELS, words)),
            words("Clause"): titles + " " + failing["clause"],
            words("Note"): failing["note_zh" if zh else "note_en"],
            words("Object id"): failing["object_id"],
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
        label = words.pick(VERIFIED_LABELS[_UNVERIFIED])
        st.caption(words("{mark}: held from memory only; read it on paper first.", mark=label))
    rows = event["selection"]["rows"]
    return str(failing["finding_id"].iloc[rows[0]]) if rows else ""


def _say_none_fails(desk: Desk, site_id: str, words: Words) -> None:
    """Say that nothing fails; where layers were never surveyed, that nothing can pass either."""
    plants = desk.review.found.plants
    own = plants[(plants["site_id"] == site_id) & (plants["plant_layer"] == "plantings")]
    if own.empty:
        st.info(words("This site has no plantings."))
    elif (own["verdict"] == Verdict.UNKNOWN).any():
        st.warning(words("No conflict found, but whole layers were never surveyed: data lacking."))
    else:
        st.success(words("Every planting of this site passes."))


def _evidence(desk: Desk, finding_id: str, words: Words) -> None:
    """Say everything about one finding: what, how far, what is required, where that stands."""
    pairs = desk.review.found.pairs
    pair = pairs[pairs["finding_id"] == finding_id].iloc[0].to_dict()
    side = "zh" if words.language == "zh" else "en"
    measured = f"{pair['distance_m']:.3f} m ({pair['difference_cm']:+.1f} cm)"
    facts = {
        words("No."): pair["number"],
        words("Verdict"): words.pick(VERDICT_LABELS[pair["verdict"]]),
        words("Object"): f"{pair[f'object_{side}']} {_described(desk, pair, words)}",
        words("Clearance m"): measured,
        words("Required m"): f"{pair['required_m']:.3f} m",
        words("Survey accuracy"): _metres(pair["accuracy_m"], words),
        words("Clause"): f"{source_title(desk, pair['source_id'], words)} {pair['clause']}",
        words("How verified"): words.pick(VERIFIED_LABELS[pair["verified"]]),
        words("Note"): pair[f"note_{side}"] or "—",
    }
    with st.container(border=True, key="evidence"):
        st.markdown(
            "  \n".join(f"**{plain(name)}**　{plain(value)}" for name, value in facts.items())
        )


def _described(desk: Desk, pair: dict[Any, Any], words: Words) -> str:
    """Return the object's id, with the diameter and depth of a pipe."""
    if pair["object_layer"] != "pipelines":
        return str(pair["object_id"])
    pipe = desk.review.district["pipelines"].set_index("pipe_id").loc[pair["object_id"]]
    wide = words("unknown") if pd.isna(pipe["diameter_mm"]) else f"{pipe['diameter_mm']:g} mm"
    deep = _metres(pipe["depth_m"], words)
    return f"{pair['object_id']} · {words('outer diameter')} {wide} · {words('depth')} {deep}"


def _metres(value: float, words: Words) -> str:
    return words("unknown") if pd.isna(value) else f"{value:g} m"
