"""What is taken away: the one place where a page offers a file; who may take it, who took it."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

import streamlit as st

from access.identity import Identity
from access.roles import ACT_LABELS, Act
from access.trail import EventKind
from views import who
from wording import Language, say

_DIGITS: Final = 12


def offer(  # noqa: PLR0913 - a file has a name, a kind, a version, and who may have it
    label: str,
    make: Callable[[], bytes | str],
    file_name: str,
    mime: str,
    language: Language,
    *,
    key: str,
    version: str = "",
    act: Act = Act.EXPORT,
    icon: str = ":material/download:",
) -> None:
    """
    Offer a file that is made when somebody asks for it, or say that the role does not allow it.

    The account is asked again when the file is made, and the audit trail says who took it before
    it is given out: what cannot be noted is not given.

    Parameters
    ----------
    label : str
        Of the button.
    make : callable
        Return the content; any thread may call it.
    file_name, mime : str
        Of the file.
    language : {"zh", "en"}
        Of the page.
    key : str
        Of the button.
    version : str, optional
        Of the district that the file is about, "" if of none.
    act : Act
        What whoever takes it must be allowed to do.
    icon : str
        Of the button.
    """
    if not who.current().may(act):
        st.caption(say("page.may_not", language, act=ACT_LABELS[act]))
        return
    st.download_button(
        label,
        data=partial(_taken, make, f"{file_name} {version[:_DIGITS]}".strip(), act, who.still()),
        file_name=file_name,
        mime=mime,
        icon=icon,
        on_click="ignore",
        key=key,
    )


def _taken(
    make: Callable[[], bytes | str], about: str, act: Act, identity: Callable[[], Identity]
) -> bytes:
    """Return the content, once whoever asks for it may have it and the trail says so."""
    taker = identity()
    taker.require(act)
    made = make()
    content = made.encode() if isinstance(made, str) else made
    known = who.register()
    if known is not None:
        digest = hashlib.sha256(content).hexdigest()[:_DIGITS]
        now = datetime.now(UTC)
        known.trail.note(EventKind.DOWNLOAD, taker.account, now, about=f"{about} SHA-256 {digest}")
    return content
