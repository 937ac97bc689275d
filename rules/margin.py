"""
Margin: verdicts that the accuracy of the survey leaves open.

The rulebook says how exactly each quantity is measured (`accuracy.toml`). A verdict is marginal if
limits that are moved by as much give another: what is met may truly fail, or the other way round.
The outcome stays; what fails marginally is counted apart from the gaps. What is counted, typed as a
share or not there at all is never marginal. Walks within which places count are moved by
`rules.catchment`.
"""

from collections.abc import Sequence

from rules.criterion import Criterion, total_unit, unit_of
from rules.grammar import (
    Adequacy,
    Area,
    Attribute,
    Checklist,
    ClearWidth,
    Coverage,
    Measure,
    Ratio,
    Walk,
)
from rules.model import Book, Rule
from rules.selection import AnyOf, Clause, Condition

QUANTITIES = ("walk", "length", "spacing", "area")
"""What is measured, not counted: metres on foot, lengths, distances of drawn points, areas."""

_OF_UNIT = {"m": "length", "m2": "area"}


def tolerance(rule: Rule, book: Book, criterion: Criterion) -> float:
    """
    Return how far the true value of a criterion may be off, in its unit; 0 for what is exact.

    Parameters
    ----------
    rule : Rule
        The rule.
    book : Book
        How exactly its quantities are surveyed.
    criterion : Criterion
        The rule's own or one of its further legs, as `rules.criterion.deciding` returns it.
    """
    quantity = {
        "own": _measured(rule.measure),
        "column": _measured(rule.measure),
        "walk": "walk",
        "without": "",
    }.get(criterion.leg, _OF_UNIT.get(criterion.unit, ""))
    return accuracy_at(book, quantity, criterion.limit, criterion.unit)


def moved(rule: Rule, book: Book, *, stricter: bool) -> Rule | None:
    """
    Return a rule with its limits moved by the accuracy of what they limit, None if all is exact.

    Parameters
    ----------
    rule : Rule
        Any rule that judges.
    book : Book
        How exactly its quantities are surveyed.
    stricter : bool
        Whether less is met than before, or more.
    """
    up = stricter == (rule.op == ">=")
    value = rule.value
    if value is not None:
        value += _signed(accuracy_at(book, _measured(rule.measure), value, rule.unit), up=up)
    measure = _moved_legs(rule.measure, book, stricter=stricter)
    if value == rule.value and measure == rule.measure:
        return None
    return rule.model_copy(update={"value": value, "measure": measure})


def accuracy_at(book: Book, quantity: str, limit: float, unit: str) -> float:
    """
    Return how far off a quantity may be at its limit; there is no more or less of none at all.

    Parameters
    ----------
    book : Book
        How exactly quantities are surveyed.
    quantity : str
        Of `QUANTITIES`; any other is exact.
    limit : float
        In `unit`.
    unit : str
        A unit of the rulebook; of a rate only a share of the limit counts.
    """
    if quantity not in book.accuracy or limit == 0:
        return 0.0
    accuracy = book.accuracy[quantity]
    share = accuracy.relative * abs(limit)
    return max(accuracy.absolute, share) if unit in _OF_UNIT else share


def _signed(amount: float, *, up: bool) -> float:
    return amount if up else -amount


def _measured(measure: Measure) -> str:
    """Return what a way of measuring measures, of `QUANTITIES`; "" for what is exact."""
    if isinstance(measure, Walk):
        return "walk"
    if isinstance(measure, Coverage | ClearWidth):
        return "length"
    if isinstance(measure, Attribute):
        return "spacing" if measure.spacing else _of_columns(measure.layer, measure.columns)
    if isinstance(measure, Area):
        return _of_columns(measure.layer, (measure.column,))
    if isinstance(measure, Adequacy):
        return _of_columns(measure.layer, (measure.supply,))
    return _OF_UNIT.get(total_unit(measure), "") if isinstance(measure, Ratio) else ""


def _of_columns(layer: str, columns: Sequence[str]) -> str:
    return _OF_UNIT.get(unit_of(layer, columns[0]), "")


def _moved_legs(measure: Measure, book: Book, *, stricter: bool) -> Measure:
    """Return a way of measuring with its further limits moved."""
    if isinstance(measure, Attribute):
        also = _moved_clauses(measure.layer, measure.also, book, stricter=stricter)
        return measure.model_copy(update={"also": also})
    if isinstance(measure, Checklist):
        asked = _moved_clauses(measure.layer, measure.all, book, stricter=stricter)
        return measure.model_copy(update={"all": asked})
    return _moved_ratio(measure, book, stricter=stricter) if isinstance(measure, Ratio) else measure


def _moved_ratio(measure: Ratio, book: Book, *, stricter: bool) -> Ratio:
    """Return a ratio with its least total and the walk that will do instead moved."""
    least, walk = measure.min_of, measure.or_walk
    if least is not None:
        unit = total_unit(measure)
        least += _signed(accuracy_at(book, _OF_UNIT.get(unit, ""), least, unit), up=stricter)
    if walk is not None:
        far = walk.within_m + _signed(
            accuracy_at(book, "walk", walk.within_m, "m"), up=not stricter
        )
        walk = walk.model_copy(update={"within_m": far})
    return measure.model_copy(update={"min_of": least, "or_walk": walk})


def _moved_clauses(
    layer: str, clauses: Sequence[Clause], book: Book, *, stricter: bool
) -> tuple[Clause, ...]:
    """Return conditions with their limits moved."""
    return tuple(_moved_clause(layer, clause, book, stricter=stricter) for clause in clauses)


def _moved_clause(layer: str, clause: Clause, book: Book, *, stricter: bool) -> Clause:
    if isinstance(clause, AnyOf):
        any_of = _moved_clauses(layer, clause.any, book, stricter=stricter)
        return clause.model_copy(update={"any": any_of})
    return _moved_condition(layer, clause, book, stricter=stricter)


def _moved_condition(layer: str, condition: Condition, book: Book, *, stricter: bool) -> Condition:
    """Return a condition on a length or an area with its limit moved, any other as it is."""
    unit = unit_of(layer, condition.columns[0])
    if condition.op == "==" or unit not in _OF_UNIT:
        return condition
    limit = float(condition.value)
    off = accuracy_at(book, _OF_UNIT[unit], limit, unit)
    up = stricter == (condition.op in (">=", ">"))
    return condition.model_copy(update={"value": limit + _signed(off, up=up)})
