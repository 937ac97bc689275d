"""The scenario that a session looks at: a draft of its own or one that is kept, and its trial."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Final
from uuid import uuid4

import streamlit as st

from edits.scenario import Scenario
from edits.scenario_text import scenario_to_json
from services.assessment import Assessment
from services.memory import frame_bytes
from services.scenarios import Saved, saved
from services.what_if import Trial, what_if
from views.cache import SharedCache
from views.session import current_store, store_key

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
    """

    scenario: Scenario
    seen: int = 0
    is_kept: bool = False


def kept() -> Sequence[Saved]:
    """Return the scenarios of the district, the newest first; read once a state of the store."""
    return _KEPT.get(store_key(), lambda: saved(current_store()))


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
    _desks().put(st.session_state["draft"], [*_drafts(), draft])
    st.session_state["scenario"] = draft.scenario.name


def forget(name: str) -> None:
    """Drop the draft of a name."""
    left = [draft for draft in _drafts() if draft.scenario.name != name]
    _desks().put(st.session_state.get("draft", ""), left)


def _drafts() -> Sequence[Draft]:
    return _desks().get(st.session_state.get("draft", ""))


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
