"""Survival by town and by site against the acceptance rate, which the bureau may set otherwise."""

import streamlit as st

from greening.workflow import WHOLE_DISTRICT, EventKind, Role
from views.greening_session import GreeningSession, write
from views.greening_tables import typed
from views.markdown import escaped
from wording import Language, say

_TO_THE_MINUTE = 16


def show(session: GreeningSession, language: Language) -> None:
    """Show survival by town and by site, and what is to be put right."""
    review = session.review
    _rate(session, language)
    st.markdown(f"**{say('greening.by_town', language)}**")
    typed(review.survival_by_town, language)
    st.markdown(f"**{say('greening.by_site', language)}**")
    typed(review.survival, language)
    st.markdown(f"**{say('greening.to_rectify', language)}** {len(review.dead):,}")
    headings = {
        "town": say("common.town", language),
        "estate": say("common.estate", language),
        "site_id": say("greening.greening_site", language),
        "planting_id": say("greening.planting", language),
        "number": say("greening.number", language),
        "species_id": say("greening.species", language),
        "east_m": "X (E) m",
        "north_m": "Y (N) m",
    }
    st.dataframe(
        review.dead.assign(
            species_id=review.dead["species_id"].map(_names(session, language))
        ).rename(columns=headings),
        hide_index=True,
        key="dead_table",
    )


def _names(session: GreeningSession, language: Language) -> dict[str, str]:
    return {key: one.name[language] for key, one in session.review.species.items()}


def _rate(session: GreeningSession, language: Language) -> None:
    """Show the rate in force and who set it; let the bureau set another, with a reason."""
    review = session.review
    rate = f"{review.least_rate:.0%}"
    if review.rate_set is None:
        st.caption(say("greening.acceptance_rate_of_rulebook", language, rate=rate))
    else:
        event = review.rate_set
        said = say(
            "greening.acceptance_rate_set",
            language,
            rate=rate,
            who=escaped(event.by),
            when=event.at[:_TO_THE_MINUTE],
            why=escaped(event.payload["comment"]),
            rule=f"{review.rulebook_rate:.0%}",
        )
        st.caption(said)
    st.caption(say("greening.rate_unverified", language))
    if session.role is not Role.BUREAU:
        return
    with st.container(border=True, key="rate_form"):  # an expander would close at every rerun
        st.markdown(f"**{say('greening.set_another_acceptance_rate', language)}**")
        st.number_input(
            say("greening.acceptance_rate", language),
            1,
            100,
            round(review.least_rate * 100),
            key="rate_percent",
        )
        st.text_input(say("common.reason", language), key="rate_reason", max_chars=300)
        st.button(
            say("greening.save", language),
            key="save_rate",
            on_click=_save,
            args=(session, language),
        )


def _save(session: GreeningSession, language: Language) -> None:
    state = st.session_state
    payload = {
        "rate": int(state["rate_percent"]) / 100,
        "comment": str(state.get("rate_reason", "")).strip(),
    }
    if write(session, session.event(WHOLE_DISTRICT, EventKind.RATE, payload), language):
        state["rate_reason"] = ""
