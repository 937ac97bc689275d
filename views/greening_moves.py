"""The state of one site: its status, who decided on which data, and the moves allowed."""

import streamlit as st

from clearances.verdict import ClearanceVerdict
from greening.workflow import BACK, EventKind, SiteStatus, moves_from
from layers.greening_sites import STATES
from views.greening_session import GreeningSession, state_name, write
from views.markdown import escaped
from wording import Language, say

_COMMENT_CHARACTERS, _TO_THE_MINUTE, _DIGITS = 500, 16, 8


def show(session: GreeningSession, site_id: str, language: Language) -> None:
    """Show the site's state and offer the moves that are allowed to this office."""
    status = session.status(site_id)
    with st.container(border=True, key=f"moves_{site_id}"):
        state = escaped(state_name(session, site_id, language))
        st.markdown(f"**{say('greening.state', language)}** {state}")
        if status.by:
            st.caption(escaped(_decision(status, language)))
        key = f"comment_{site_id}"
        st.text_area(
            say("greening.comment", language), key=key, max_chars=_COMMENT_CHARACTERS, height=68
        )
        blocked = _blocked(session, site_id, language)
        if blocked:
            st.caption("；".join(dict.fromkeys(blocked.values())))
        is_silent = not str(st.session_state.get(key, "")).strip()
        with st.container(horizontal=True):
            for to in moves_from(status.state, session.role):
                st.button(
                    f"→ {STATES[to][language]}",
                    key=f"move_{to}",
                    disabled=to in blocked and is_silent,
                    on_click=_write,
                    args=(session, site_id, key, to, language),
                )
            st.button(
                say("greening.comment_only", language),
                key="comment_only",
                disabled=is_silent,
                on_click=_write,
                args=(session, site_id, key, "", language),
            )


def _decision(status: SiteStatus, language: Language) -> str:
    """Say who made the last move, when, on which data and why."""
    when = status.at[:_TO_THE_MINUTE]
    data = f"{say('common.data_version', language)} {status.data_version[:_DIGITS]}"
    return " · ".join(part for part in (status.by, when, data, status.comment) if part)


def _blocked(session: GreeningSession, site_id: str, language: Language) -> dict[str, str]:
    """Return the moves that need a reason, and why."""
    status = session.status(site_id)
    plants = session.review.found.plants
    own = plants[(plants["site_id"] == site_id) & (plants["plant_layer"] == "plantings")]
    failing = own[own["verdict"] != ClearanceVerdict.MET]
    open_ones = len(failing) - int(failing["plant_id"].isin(list(status.protected)).sum())
    reasons = {
        to: say("greening.return_reason", language) for start, to in BACK if start == status.state
    }
    if open_ones:
        reasons["checked"] = say("greening.failing_reason", language, n=open_ones)
    meets = session.review.survival.set_index("site_id")["meets"].fillna(value=False)
    if status.state == "survival" and not meets[site_id]:
        reasons["accepted"] = say(
            "greening.survival_reason",
            language,
            rate=f"{session.review.least_rate:.0%}",
        )
    if session.review.is_stale(site_id):
        reasons |= dict.fromkeys(
            ("supplied", "accepted"), say("greening.data_changed_reason", language)
        )
    allowed = moves_from(status.state, session.role)
    return {to: why for to, why in reasons.items() if to in allowed}


def _write(session: GreeningSession, site_id: str, key: str, to: str, language: Language) -> None:
    comment = str(st.session_state.get(key, "")).strip()
    kind = EventKind.MOVE if to else EventKind.COMMENT
    came_from = session.status(site_id).state
    payload = {"from": came_from, "to": to, "comment": comment} if to else {"comment": comment}
    if write(session, session.event(site_id, kind, payload), language):
        st.session_state[key] = ""
