"""The current user: a name that the user enters and this session remembers."""

import streamlit as st

from wording import Language, say

_CHARACTERS, _WIDTH_PX = 40, 200


def ask_name(language: Language) -> str:
    """Prompt for the name that signs what this session writes; return "" if none is given."""
    name = st.text_input(
        say("greening.officer", language),
        key="officer",
        max_chars=_CHARACTERS,
        width=_WIDTH_PX,
        persist_state="session",
    )
    return name.strip()
