"""The outcome of the last action of a part of the page: noted by a callback, shown once."""

import streamlit as st


def note_success(part: str, sentence: str) -> None:
    """Note that the last action of `part` was done."""
    st.session_state[_key(part)] = ("success", sentence)


def note_error(part: str, sentence: str) -> None:
    """Note why the last action of `part` was not done."""
    st.session_state[_key(part)] = ("error", sentence)


def show(part: str) -> None:
    """Show the outcome of the last action of `part`, once."""
    level, sentence = st.session_state.pop(_key(part), ("", ""))
    if sentence:
        with st.container(key=f"{_key(part)}_{level}", border=True):
            st.text(("⚠ " if level == "error" else "✓ ") + sentence)


def _key(part: str) -> str:
    return f"{part}_said"
