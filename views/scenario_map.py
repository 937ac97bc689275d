"""A scenario on the map: the findings as it would make them, and the steps placed by clicks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import streamlit as st

from edits.scenario import Scenario
from geo.errors import DataError, PlanningError
from services.assessment import Assessment
from services.comparison import Comparison
from services.remedies import REMEDIES, Placed, move_at
from services.step_marks import step_marks
from views import trial
from views.cache import SharedCache
from views.error_text import told
from views.map.messages import Gesture
from views.trial import Draft
from wording import Language, say

_MARKS: Final = SharedCache[list[dict[str, Any]]](
    "step_marks", lambda made: len(orjson.dumps(made))
)
_OF_STEPS: Final[Mapping[str, Callable[[Draft], None]]] = {"undo": trial.undo, "redo": trial.redo}


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """
    What the map is looked at with.

    Attributes
    ----------
    comparison : Comparison
        The findings as they are, and as the scenario would make them; the same without a scenario.
    draft : Draft or None
        The scenario.
    """

    comparison: Comparison
    draft: Draft | None = None


def look(before: Assessment) -> Looked:
    """Return the findings as the scenario that is looked at would make them."""
    draft = trial.chosen()
    if draft is None:
        return Looked(Comparison(before, before))
    return Looked(trial.tried(before, draft).comparison, draft)


def for_map(looked: Looked, language: Language) -> dict[str, Any]:
    """
    Return what the map needs to know of the scenario.

    Returns
    -------
    dict
        ``line``, that the map shows a scenario and what it changes, "" without one; ``can_undo``,
        ``can_redo``; ``marks`` of `services.step_marks`; ``gesture``, the number of the last
        gesture that was heard; ``said``, what came of it, and ``is_refused``.
    """
    draft, state = looked.draft, st.session_state
    text, is_refused = state.get("gesture_said", ("", False))
    return {
        "line": _line(draft, looked.comparison, language) if draft else "",
        "can_undo": draft is not None and bool(draft.scenario.steps),
        "can_redo": draft is not None and bool(draft.undone),
        "marks": _marks(draft, looked.comparison, language) if draft else [],
        "gesture": state.get("gesture", 0),
        "said": text,
        "is_refused": is_refused,
    }


def _line(draft: Draft, comparison: Comparison, language: Language) -> str:
    counts = {str(change): count for change, count in comparison.counts.items()}
    return say("scenario.shown", language, name=draft.scenario.name, **counts)


def _marks(draft: Draft, comparison: Comparison, language: Language) -> list[dict[str, Any]]:
    """Return the marks of a scenario's steps, made once: every pick asks for them."""
    before, after = (of.workspace.district for of in (comparison.before, comparison.after))
    key = (before.version, draft.scenario, language)
    return _MARKS.get(key, lambda: step_marks(draft.scenario, before, after, language))


def use(gestures: Sequence[Gesture], before: Assessment, language: Language) -> None:
    """Carry out the gestures that were not heard before; a refusal becomes a sentence."""
    state = st.session_state
    for gesture in gestures:
        if gesture.number <= state.get("gesture", 0):
            continue
        state["gesture"] = gesture.number
        try:
            state["gesture_said"] = (_carry_out(gesture, before, language), False)
        except PlanningError as error:
            state["gesture_said"] = (told(error, language), True)


def _carry_out(gesture: Gesture, before: Assessment, language: Language) -> str:
    """Carry out one gesture and return what it did, "" where the page shows it anyway."""
    if gesture.do in REMEDIES:
        return _place(gesture, before, language)
    draft = trial.chosen()
    if draft is None:
        raise DataError("no scenario is looked at", "当前没有情景")
    if gesture.do not in _OF_STEPS:
        raise DataError("no such gesture", "没有这种操作")
    _OF_STEPS[gesture.do](draft)
    return ""


def _place(gesture: Gesture, before: Assessment, language: Language) -> str:
    """Add the step that a remedy means, to a new scenario if there is none; return it in words."""
    placed = Placed(gesture.do, gesture.places, gesture.within_m, gesture.kind, gesture.sizes)
    draft = trial.chosen()
    if draft is None:
        draft = Draft(Scenario(trial.free_name(language), before.workspace.district.version))
    district = trial.tried(before, draft).comparison.after.workspace.district
    move = move_at(district, placed)
    return trial.add(draft, district, move, before.as_of.isoformat()).sentence(language)
