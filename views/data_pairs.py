"""Rows beside the known features that they probably are, each pair with an answer of its own."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

import streamlit as st

from intake.conflicts import Conflict
from intake.draft import ImportDraft
from intake.identity import Twin
from intake.pairs import OTHER, STEP
from views.markdown import escaped
from wording import Language, say

_MOST = 200
_OPEN, _HEIGHT = 3, 360  # so many pairs show whole, more of them scroll

Change = Callable[[int, Callable[[ImportDraft], ImportDraft]], None]


def show(draft: ImportDraft, number: int, step: str, change: Change, language: Language) -> None:
    """Draw the rows of which a step asks; what is said of one goes before what is said of all."""
    found: Mapping[int, Twin | Conflict] = (
        draft.rows.twins if step == "key" else draft.rows.compared.conflicts
    )
    if not found:
        return
    st.caption(say("data.pairs_hint", language, n=len(found)))
    height: Literal["content"] | int = _HEIGHT if len(found) > _OPEN else "content"
    with st.container(height=height, key=f"import_pairs_{number}"):
        for at, one in sorted(found.items())[:_MOST]:
            _ask(draft, number, at, escaped(one.evidence[language]), change, language)
    if len(found) > _MOST:
        st.caption(say("data.pairs_more", language, n=len(found) - _MOST))


def _ask(
    draft: ImportDraft, number: int, at: int, label: str, change: Change, language: Language
) -> None:
    step = f"{STEP}:{draft.table.rows[at]}"
    key = f"import_{number}_{step}"
    st.session_state[key] = draft.choices.get(step)
    answers = _answers(draft, step, language)
    st.segmented_control(
        label,
        list(answers),
        key=key,
        format_func=answers.__getitem__,
        on_change=_choose,
        args=(number, step, key, change),
    )


def _answers(draft: ImportDraft, step: str, language: Language) -> dict[str, str]:
    """Return the answers about one row: the features that it may be, or another place."""
    keys = [one.value for one in draft.pairs.step(step).candidates if one.value != OTHER]
    same = say("data.same_place", language)
    labels = {key: same if len(keys) == 1 else f"{same}: {escaped(key)}" for key in keys}
    return labels | {OTHER: say("data.other_place", language)}


def _choose(number: int, step: str, key: str, change: Change) -> None:
    answer = st.session_state[key]
    if answer is None:  # the answer was taken back
        change(number, partial(ImportDraft.undo, step=step))
    else:
        change(number, partial(ImportDraft.choose, step=step, value=answer))
