"""Who is at the desk: a name that the visitor gives and this session remembers."""

import streamlit as st

from views.text import Words

_CHARACTERS, _WIDTH_PX = 40, 200


def ask_name(words: Words) -> str:
    """Ask for the name that stands beside everything this session writes; "" if none is given."""
    name = st.text_input(
        words("Officer"),
        key="officer",
        max_chars=_CHARACTERS,
        width=_WIDTH_PX,
        persist_state="session",
    )
    return name.strip()
