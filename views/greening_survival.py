"""Survival by town and by site against the acceptance rate, which the bureau may set otherwise."""

import streamlit as st

from greening.workflow import WHOLE_DISTRICT, Kind, Role
from views.greening_desk import Desk, write
from views.greening_tables import typed
from views.text import Words, plain

_TO_THE_MINUTE = 16


def show(desk: Desk, words: Words) -> None:
    """Show survival by town and by site, and what is to be put right."""
    review = desk.review
    _rate(desk, words)
    st.markdown(f"**{words('By town')}**")
    typed(review.survival_by_town, words)
    st.markdown(f"**{words('By site')}**")
    typed(review.survival, words)
    st.markdown(f"**{words('To be put right')}** {len(review.dead):,}")
    headings = {
        "town": words("Town"),
        "estate": words("Estate"),
        "site_id": words("Greening site"),
        "planting_id": words("Planting"),
        "number": words("No."),
        "species_id": words("Species"),
        "east_m": "X (E) m",
        "north_m": "Y (N) m",
    }
    st.dataframe(
        review.dead.assign(species_id=review.dead["species_id"].map(_names(desk, words))).rename(
            columns=headings
        ),
        hide_index=True,
        key="dead_table",
    )


def _names(desk: Desk, words: Words) -> dict[str, str]:
    return {key: words.pick((one.name_zh, one.name_en)) for key, one in desk.review.species.items()}


def _rate(desk: Desk, words: Words) -> None:
    """Say which rate holds and on whose word; let the bureau set another, with a reason."""
    review = desk.review
    rate = f"{review.least_rate:.0%}"
    if review.rate_set is None:
        st.caption(words("Acceptance rate {rate}, from the rulebook.", rate=rate))
    else:
        draft = review.rate_set.draft
        said = words(
            "Acceptance rate {rate}, set by {who} on {when}: {why} (rulebook: {rule})",
            rate=rate,
            who=plain(draft.who),
            when=draft.at[:_TO_THE_MINUTE],
            why=plain(draft.payload["comment"]),
            rule=f"{review.rulebook_rate:.0%}",
        )
        st.caption(said)
    st.caption(words("The rulebook's rate is held from memory and to be verified on paper."))
    if desk.role is not Role.BUREAU:
        return
    with st.container(border=True, key="rate_form"):  # an expander would close at every rerun
        st.markdown(f"**{words('Set another acceptance rate')}**")
        st.number_input(
            words("Acceptance rate %"), 1, 100, round(review.least_rate * 100), key="rate_percent"
        )
        st.text_input(words("Reason"), key="rate_reason", max_chars=300)
        st.button(words("Save"), key="save_rate", on_click=_save, args=(desk, words))


def _save(desk: Desk, words: Words) -> None:
    state = st.session_state
    payload = {
        "rate": int(state["rate_percent"]) / 100,
        "comment": str(state.get("rate_reason", "")).strip(),
    }
    if write(desk, WHOLE_DISTRICT, Kind.RATE, payload, words):
        state["rate_reason"] = ""
