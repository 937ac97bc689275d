"""Everything chosen on the gap map's page, as a value that a link holds."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""The dates of assessment that are offered."""
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
    town, kind, statement, item_class, department, outcome : tuple of str
        Filters; empty means everything.
    severity : str
        The least severity band shown, "" for all.
    show : str
        The kind of gap that map, list and tables are about, "" for all kinds.
    estate, rule : str
        The selected estate and finding, "" for none.
    scenario : str
        Name of the scenario that is looked at, "" for the district as it is.
    draft : str
        Number of the scenarios that are not kept yet (`views.trial`), "" for none.
    reach, metres : str
        Whose service area is drawn ("", "gates" or a kind of facility) and how far it goes [m].
    """

    lang: str = "zh"
    as_of: str = ""
    town: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    statement: tuple[str, ...] = ()
    item_class: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    severity: str = ""
    show: str = ""
    estate: str = ""
    rule: str = ""
    scenario: str = ""
    draft: str = ""
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
            self.statement,
            self.item_class,
            self.department,
            self.outcome,
            self.severity,
        )

    @property
    def narrows_findings(self) -> bool:
        """Whether a filter other than town and kind is set."""
        filters = (self.statement, self.item_class, self.department, self.outcome, self.severity)
        return any(filters)

    def date(self, today: date) -> date:
        """Return the date of assessment; `today` where none, or none that is offered, was given."""
        try:
            asked = date.fromisoformat(self.as_of) if self.as_of else today
        except ValueError:
            return today
        return asked if FIRST_DAY <= asked <= LAST_DAY else today
