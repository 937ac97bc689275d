"""Rows beside the known features that they probably are, each pair with an answer of its own."""

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from intake.draft import ImportDraft
from intake.pairs import OTHER, STEP
from views.markdown import escaped
from wording import Language, say

_MOST = 200
_OPEN, _HEIGHT = 3, 360  # so many pairs show whole, more of them scroll

Change = Callable[[int, Callable[[ImportDraft], ImportDraft]], None]


def show(draft: ImportDraft, number: int, change: Change, language: Language) -> None:
    """Draw the pairs; what is said of one goes before what is said of all."""
    pairs = sorted(draft.rows.twins.items())
    if not pairs:
        return
    st.caption(say("data.pairs_hint", language, n=len(pairs)))
    height: Literal["content"] | int = _HEIGHT if len(pairs) > _OPEN else "content"
    with st.container(height=height, key=f"import_pairs_{number}"):
        for at, twin in pairs[:_MOST]:
            known = str(draft.rows.known_keys[twin.at])
            step = f"{STEP}:{draft.table.rows[at]}"
            _ask(draft, number, step, known, escaped(twin.evidence[language]), change, language)
    if len(pairs) > _MOST:
        st.caption(say("data.pairs_more", language, n=len(pairs) - _MOST))


def _ask(  # noqa: PLR0913, PLR0917 - a widget and what it changes
    draft: ImportDraft,
    number: int,
    step: str,
    known: str,
    label: str,
    change: Change,
    language: Language,
) -> None:
    labels = {known: say("data.same_place", language), OTHER: say("data.other_place", language)}
    key = f"import_{number}_{step}"
    st.session_state[key] = draft.choices.get(step)
    st.segmented_control(
        label,
        list(labels),
        key=key,
        format_func=labels.__getitem__,
        on_change=_choose,
        args=(number, step, key, change),
    )


def _choose(number: int, step: str, key: str, change: Change) -> None:
    answer = st.session_state[key]
    if answer is None:  # the answer was taken back
        change(number, partial(ImportDraft.undo, step=step))
    else:
        change(number, partial(ImportDraft.choose, step=step, value=answer))
