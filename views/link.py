"""
The address of a view: what is chosen on the page is written to the query and restored from it.

Camera and look of the map (``view``, ``look``) are written by the browser, unasked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import streamlit as st

_BROWSERS = ("view", "look")  # camera and look, written by the browser
_LONGEST = 200  # characters of one value: an address is not a place for data


@dataclass(frozen=True)
class Choice:
    """
    Everything chosen on the page. Codes and ids only, never labels: a link works in both languages.

    Attributes
    ----------
    lang : str
        ``"zh"`` or ``"en"``.
    as_of : str
        Date of assessment, ISO 8601, "" for today.
    town, kind, item_class, department, outcome : tuple of str
        Filters; empty means everything.
    severity : str
        The least severity band shown, "" for all.
    estate, rule : str
        The selected estate and finding, "" for none.
    reach, metres : str
        Whose service area is drawn ("", "gates" or a kind of facility) and how far it goes [m].
    """

    lang: str = "zh"
    as_of: str = ""
    town: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    item_class: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    severity: str = ""
    estate: str = ""
    rule: str = ""
    reach: str = ""
    metres: str = "500"

    @classmethod
    def from_query(cls, query: Mapping[str, list[str]]) -> "Choice":
        """Read a query; what is missing, unknown or overlong is left at its default."""
        read: dict[str, Any] = {}
        for field in fields(cls):
            values = tuple(v for v in query.get(field.name, ()) if 0 < len(v) <= _LONGEST)
            if values:
                read[field.name] = values if isinstance(field.default, tuple) else values[0]
        return cls(**read)

    def to_query(self) -> dict[str, str | list[str]]:
        """Return what differs from the defaults, as query parameters."""
        query: dict[str, str | list[str]] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                query[field.name] = list(value) if isinstance(value, tuple) else value
        return query

    @property
    def filters(self) -> tuple[tuple[str, ...] | str, ...]:
        """What decides which findings are left."""
        return (
            self.town,
            self.kind,
            self.item_class,
            self.department,
            self.outcome,
            self.severity,
        )

    def date(self, today: date) -> date:
        """Return the date of assessment; `today` where none, or no date, was given."""
        try:
            return date.fromisoformat(self.as_of) if self.as_of else today
        except ValueError:
            return today


def restore() -> None:
    """Put the address into the session's state, once a session."""
    if "choice_restored" in st.session_state:
        return
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    choice = Choice.from_query(query)
    for field in fields(Choice):
        value = getattr(choice, field.name)
        st.session_state[field.name] = list(value) if isinstance(value, tuple) else value
    st.session_state["choice_restored"] = True


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
