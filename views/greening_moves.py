"""The state of one site: where it stands, who decided on which data, and the moves allowed."""

import streamlit as st

from clearances.verdict import Verdict
from greening.workflow import BACK, Kind, Standing, moves_from
from layers.greening_sites import STATES
from views.greening_desk import Desk, state_name, write
from views.text import Words, plain

_COMMENT_CHARACTERS, _TO_THE_MINUTE, _DIGITS = 500, 16, 8


def show(desk: Desk, site_id: str, words: Words) -> None:
    """Show the site's state and offer the moves that are allowed to this office."""
    standing = desk.standing(site_id)
    with st.container(border=True, key=f"moves_{site_id}"):
        st.markdown(f"**{words('State')}** {plain(state_name(desk, site_id, words))}")
        if standing.who:
            st.caption(plain(_decision(standing, words)))
        key = f"comment_{site_id}"
        st.text_area(words("Comment"), key=key, max_chars=_COMMENT_CHARACTERS, height=68)
        blocked = _blocked(desk, site_id, words)
        if blocked:
            st.caption("；".join(dict.fromkeys(blocked.values())))
        is_silent = not str(st.session_state.get(key, "")).strip()
        with st.container(horizontal=True):
            for to in moves_from(standing.state, desk.role):
                st.button(
                    f"→ {words.pick(STATES[to])}",
                    key=f"move_{to}",
                    disabled=to in blocked and is_silent,
                    on_click=_write,
                    args=(desk, site_id, key, to, words),
                )
            st.button(
                words("Comment only"),
                key="comment_only",
                disabled=is_silent,
                on_click=_write,
                args=(desk, site_id, key, "", words),
            )


def _decision(standing: Standing, words: Words) -> str:
    """Say who made the last move, when, on which data and why."""
    when = standing.at[:_TO_THE_MINUTE]
    data = f"{words('Data version')} {standing.data_version[:_DIGITS]}"
    return " · ".join(part for part in (standing.who, when, data, standing.comment) if part)


def _blocked(desk: Desk, site_id: str, words: Words) -> dict[str, str]:
    """Return the moves that need a reason, and why."""
    standing = desk.standing(site_id)
    plants = desk.review.found.plants
    own = plants[(plants["site_id"] == site_id) & (plants["plant_layer"] == "plantings")]
    failing = own[own["verdict"] != Verdict.MET]
    open_ones = len(failing) - int(failing["plant_id"].isin(list(standing.protected)).sum())
    reasons = {
        to: words("sending back needs a reason") for start, to in BACK if start == standing.state
    }
    if open_ones:
        reasons["checked"] = words("{n} plantings do not pass: state a reason", n=open_ones)
    meets = desk.review.survival.set_index("site_id")["meets"].fillna(value=False)
    if standing.state == "survival" and not meets[site_id]:
        reasons["accepted"] = words(
            "survival below {rate} or not all counted: state a reason",
            rate=f"{desk.review.least_rate:.0%}",
        )
    if desk.review.is_stale(site_id):
        reasons |= dict.fromkeys(
            ("supplied", "accepted"), words("data changed after the check: state a reason")
        )
    allowed = moves_from(standing.state, desk.role)
    return {to: why for to, why in reasons.items() if to in allowed}


def _write(desk: Desk, site_id: str, key: str, to: str, words: Words) -> None:
    comment = str(st.session_state.get(key, "")).strip()
    kind = Kind.MOVE if to else Kind.COMMENT
    payload = {"to": to, "comment": comment} if to else {"comment": comment}
    if write(desk, site_id, kind, payload, words):
        st.session_state[key] = ""
