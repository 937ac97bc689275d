"""What the rules ask for, read from the rulebook: planting repeats no figure of a rule."""

from collections.abc import Iterator
from functools import cache

from demonstration.roster import OVERLAYS
from rules.book import load_book
from rules.frozen import Frozen
from rules.model import Book, Rule
from rules.selection import Condition

EXACT = 6
"""Decimals to which sums of figures are rounded, so that they are decimal figures again."""


@cache
def _book() -> Book:
    return load_book(OVERLAYS)


def rule(rule_id: str) -> Rule:
    """Return a rule by its permanent id."""
    return _book().by_id[rule_id]


def asked(rule_id: str, part: str = "value") -> float:
    """
    Return a figure of a rule.

    Parameters
    ----------
    rule_id : str
        Permanent id.
    part : str, default "value"
        A number of the rule (``"missing_beyond"``) or of its measure (``"min_of"``), or a column
        on which the measure puts a condition (``"lift_door_m"``).

    Raises
    ------
    KeyError
        If there is no such rule, or the rule has no such figure.
    """
    found = rule(rule_id)
    numbers = {**dict(getattr(found.measure, "or_walk", None) or ()), **dict(found.measure)}
    numbers |= dict(found)
    numbers |= {
        column: condition.value
        for condition in _conditions(found.measure)
        for column in condition.column.split("|")
    }
    if numbers.get(part) is None:
        raise KeyError(f"{rule_id} asks for no {part}")
    return float(numbers[part])


def beside(rule_id: str, difference: float, part: str = "value") -> tuple[float, float]:
    """Return a figure of a rule less and plus `difference`; see `asked`."""
    figure = asked(rule_id, part)
    return round(figure - difference, EXACT), round(figure + difference, EXACT)


def circle_m(name: str) -> float:
    """
    Return the walking distance of a life circle [m].

    Raises
    ------
    KeyError
        If the rulebook has no such circle, or no distance for it.
    """
    distance = _book().circles[name].distance_m
    if distance is None:
        raise KeyError(f"no distance of {name}")
    return distance


def _conditions(part: object) -> Iterator[Condition]:
    """Yield every condition in a measure, however deep."""
    if isinstance(part, Condition):
        yield part
    elif isinstance(part, Frozen):
        yield from _conditions(tuple(dict(part).values()))
    elif isinstance(part, tuple):
        for each in part:
            yield from _conditions(each)
