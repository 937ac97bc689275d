"""Who acts: the account that the gate let in, or on a server without accounts a name as entered."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import streamlit as st

from access.identity import ANYBODY, Identity
from access.register import AccessRegister
from access.settings import read_settings
from wording import Language, say

ACCESS_VARIABLE: Final = "LITONG_ACCESS"
"""Names the file of settings by which people are known; without it nobody is."""

ACCOUNT_HEADER: Final = "X-Litong-Account"
"""The account that a websocket belongs to: set by the gate, which drops what a browser sets."""

_CHARACTERS, _WIDTH_PX = 40, 200


def register() -> AccessRegister | None:
    """
    Return what this server knows of people, None for a server without accounts.

    Raises
    ------
    DataError
        If the file of settings cannot be used.
    """
    return _register(os.environ.get(ACCESS_VARIABLE, ""))


@lru_cache(maxsize=1)
def _register(settings: str) -> AccessRegister | None:
    return AccessRegister(read_settings(Path(settings))) if settings else None


def current() -> Identity:
    """
    Return who acts in this session, as the account is at this moment.

    Raises
    ------
    AccessError
        If the account may not be used any more.
    """
    known = register()
    if known is None:
        return replace(ANYBODY, name=str(st.session_state.get("officer", "")).strip())
    return known.identity(_account())


def _account() -> str:
    """Return the account whose page this is, as the gate says."""
    return unquote(st.context.headers.get(ACCOUNT_HEADER, ""))


def still() -> Callable[[], Identity]:
    """
    Return a function that tells, in any thread, who acts in this session, as the account is then.

    Raises
    ------
    AccessError
        If the account may not be used any more; the function raises it, too.
    """
    known, now = register(), current()
    return (lambda: now) if known is None else partial(known.identity, now.account)


def ask_name(language: Language) -> str:
    """Return the name that signs what this session writes; ask for it where nobody is known."""
    if register() is not None:
        name = current().name
        st.text_input(say("greening.officer", language), name, disabled=True, width=_WIDTH_PX)
        return name
    name = st.text_input(
        say("greening.officer", language),
        key="officer",
        max_chars=_CHARACTERS,
        width=_WIDTH_PX,
        persist_state="session",
    )
    return name.strip()
