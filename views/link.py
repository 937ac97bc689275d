"""
The address of a view: what is chosen on the page is written to the query and restored from it.

Camera and look of the map (``view``, ``look``) are written by the browser, unasked.
"""

from dataclasses import fields
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from views.choice import Choice

_BROWSERS = ("view", "look")  # camera and look, written by the browser


def restore() -> None:
    """Put the address into the session's state: once a session, and after Back or Forward."""
    if "choice_restored" in st.session_state and not _is_history_navigation():
        return
    st.session_state.pop("as_of_input", None)  # asked anew from the date in the address
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    choice = Choice.from_query(query)
    for field in fields(Choice):
        value = getattr(choice, field.name)
        st.session_state[field.name] = list(value) if isinstance(value, tuple) else value
    st.session_state["choice_restored"] = True


def _is_history_navigation() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def current() -> Choice:
    """Return what is chosen now."""
    read: dict[str, Any] = {}
    for field in fields(Choice):
        value = st.session_state.get(field.name, field.default)
        read[field.name] = tuple(value) if isinstance(value, list) else (value or field.default)
    return Choice(**read)


def remember(choice: Choice) -> None:
    """Write `choice` into the address, leaving camera and look as the browser has them."""
    query = choice.to_query()
    query |= {name: st.query_params[name] for name in _BROWSERS if name in st.query_params}
    shown = {name: st.query_params.get_all(name) for name in st.query_params}
    wanted = {name: [value] if isinstance(value, str) else value for name, value in query.items()}
    if shown != wanted:
        st.query_params.from_dict(query)
