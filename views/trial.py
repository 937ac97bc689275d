"""The scenario that a session looks at: a draft of its own or one that is kept, and its trial."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, Final
from uuid import uuid4

import streamlit as st

from edits import apply
from edits.moves import Origin, edit_of
from edits.scenario import Scenario, Step
from edits.scenario_text import scenario_to_json
from layers.district import District
from services.assessment import Assessment
from services.memory import frame_bytes
from services.scenarios import Saved, saved
from services.what_if import Trial, what_if
from views import who
from views.cache import SharedCache
from views.session import current_store, store_key
from wording import Language, say

NAME_CHARACTERS: Final = 60
"""How long a name may be that is typed for a new scenario."""

_MOST_DESKS = 500
_TABLES_OF_TRIAL: Final = 20  # the findings after, their full table, what is compared: roughly
_SCENARIO_BYTES: Final = 100_000  # a few edits with their frames: roughly
_KEPT: Final = SharedCache[Sequence[Saved]]("scenarios", lambda kept: _SCENARIO_BYTES * len(kept))
_TRIALS: Final = SharedCache[Trial](
    "trial", lambda made: _TABLES_OF_TRIAL * frame_bytes(made.comparison.after.findings)
)


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """
    A scenario as this session has it.

    Attributes
    ----------
    scenario : Scenario
        With steps that nobody else sees until it is kept.
    seen : int
        `Saved.seq` that it was changed from, 0 for a new one.
    is_kept : bool
        Whether it is as the journal has it.
    undone : tuple of Step
        Steps taken back on the map; the last of them is the first to be done again.
    """

    scenario: Scenario
    seen: int = 0
    is_kept: bool = False
    undone: tuple[Step, ...] = ()


def kept() -> Sequence[Saved]:
    """Return the scenarios of the district, the newest first; read once a state of the store."""
    store = current_store()
    return _KEPT.get(store_key(store), lambda: saved(store))


def names() -> list[str]:
    """Return the names of all scenarios that this session can look at."""
    own = [one.scenario.name for one in _drafts()]
    return list(dict.fromkeys([*own, *(one.scenario.name for one in kept())]))


def chosen() -> Draft | None:
    """Return the scenario that is looked at, None for the district as it is."""
    name = st.session_state.get("scenario", "")
    for draft in _drafts():
        if draft.scenario.name == name:
            return draft
    for one in kept() if name else ():
        if one.scenario.name == name:
            return Draft(one.scenario, one.seq, is_kept=True)
    return None


def put(draft: Draft) -> None:
    """Look at a draft; it takes the place of one of the same name."""
    st.session_state["draft"] = st.session_state.get("draft") or uuid4().hex
    forget(draft.scenario.name)
    _desks().put(_desk(), [*_drafts(), draft])
    st.session_state["scenario"] = draft.scenario.name


def forget(name: str) -> None:
    """Drop the draft of a name."""
    left = [draft for draft in _drafts() if draft.scenario.name != name]
    _desks().put(_desk(), left)


def add(
    draft: Draft, district: District, move: Mapping[str, Any], day: str, title: str = ""
) -> Step:
    """
    Add a move to a scenario as its last step, look at it, and return the step.

    Parameters
    ----------
    draft : Draft
        Which scenario.
    district : District
        As the steps so far leave it.
    move : mapping of str to object
        Of `edits.moves`.
    day : str
        ISO 8601 date on which it is assumed.
    title : str, default ""
        In the planner's words.

    Raises
    ------
    PlanningError
        If the move does not fit the district; nothing is added.
    """
    edit = edit_of(district, move, Origin(draft.scenario.name, day))
    apply(district, edit, assumed=True)
    step = Step(edit, title)
    put(Draft(draft.scenario.with_step(step), draft.seen))
    return step


def undo(draft: Draft) -> None:
    """Take the last step back; nothing happens where there is none."""
    steps = draft.scenario.steps
    if steps:
        left = draft.scenario.without_step(len(steps) - 1)
        put(Draft(left, draft.seen, undone=(*draft.undone, steps[-1])))


def redo(draft: Draft) -> None:
    """Do the step again that was taken back last; nothing happens where there is none."""
    if draft.undone:
        *left, last = draft.undone
        put(Draft(draft.scenario.with_step(last), draft.seen, undone=tuple(left)))


def name_refused(name: str, language: Language) -> str:
    """Return why no new scenario can be called `name`, "" if one can."""
    if not name:
        return say("scenario.name_missing", language)
    return say("scenario.name_taken", language, name=name) if name in names() else ""


def free_name(language: Language) -> str:
    """Return the first name for a trial that no scenario of the session or the store has."""
    taken = set(names())
    numbered = (say("scenario.trial_name", language, n=n) for n in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)


def _drafts() -> Sequence[Draft]:
    return _desks().get(_desk())


def _desk() -> str:
    """Return where the drafts are, "" for nowhere: a link shows them to who sees the same."""
    number = st.session_state.get("draft", "")
    return f"{number} {who.current().sight.key}" if number else ""


class _Desks:
    """
    The drafts of all sessions by the number in their link.

    They outlive a reload, and a link to a draft shows it to a colleague; those touched longest ago
    are dropped.
    """

    def __init__(self) -> None:
        self._drafts: OrderedDict[str, Sequence[Draft]] = OrderedDict()
        self._lock = Lock()

    def get(self, number: str) -> Sequence[Draft]:
        """Return the drafts of a number, none if there is no such number."""
        with self._lock:
            return self._drafts.get(number, ())

    def put(self, number: str, drafts: Sequence[Draft]) -> None:
        """Keep the drafts of a number; "" is none."""
        with self._lock:
            self._drafts.pop(number, None)
            if number and drafts:
                self._drafts[number] = tuple(drafts)
            while len(self._drafts) > _MOST_DESKS:
                self._drafts.popitem(last=False)


@cache
def _desks() -> _Desks:
    return _Desks()


def tried(before: Assessment, draft: Draft) -> Trial:
    """Return the trial of a scenario on the findings of a day, made once."""
    key = (before.key, scenario_to_json(draft.scenario))
    return _TRIALS.get(key, lambda: what_if(before, draft.scenario))
