"""Standard: what the rulebook asks of walks to a kind of facility, and how many one may serve."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from geo.errors import DataError
from layers.facilities import KINDS
from rules.catchment import catchment_m
from rules.grammar import Adequacy, Walk
from rules.model import Book, Rule

FACILITIES = "facilities"


@dataclass(frozen=True, slots=True)
class Standard:
    """
    By what walks to a kind of facility are judged.

    Attributes
    ----------
    kind : str
        Code of the kind.
    places : Walk
        Which facilities serve: their kinds, and what they must be.
    limit_m : float
        The longest walk that is near enough [m].
    rule : Rule or None
        The rule that asks the walk; None where the rulebook asks none.
    supply : Rule or None
        The rule of `Adequacy` that says how many people one may serve, None for none.
    """

    kind: str
    places: Walk
    limit_m: float
    rule: Rule | None = None
    supply: Rule | None = None


def standard_of(book: Book, kind: str, as_of: date, limit_m: float | None = None) -> Standard:
    """
    Return what is asked of walks to a kind of facility on a day.

    Parameters
    ----------
    book : Book
        The rulebook.
    kind : str
        Code or label, in either language, of the kind.
    as_of : datetime.date
        The day.
    limit_m : float, optional
        The planner's own limit [m], in place of the rulebook's.

    Raises
    ------
    DataError
        If there is no such kind, or no rule asks a walk to it and no limit is given.
    """
    code = kind_of(kind)
    walk = next(_asking(book, code, as_of, Walk), None)
    supply = next(_asking(book, code, as_of, Adequacy), None)
    if walk is not None:
        assert isinstance(walk.measure, Walk)  # noqa: S101 - chosen by its way of measuring
        return Standard(code, walk.measure, limit_m or walk.threshold, walk, supply)
    if limit_m is None and supply is not None:
        assert isinstance(supply.measure, Adequacy)  # noqa: S101 - as above
        limit_m = catchment_m(supply.measure, book)
    if limit_m is None:
        raise DataError(
            f"no rule asks a walk to {KINDS[code].en}; give a limit in metres",
            f"没有规则规定到{KINDS[code].zh}的步行距离；请给出限值（米）",
        )
    return Standard(code, Walk(by="walk", kinds=(code,)), limit_m, None, supply)


def kind_of(text: str) -> str:
    """
    Return the code of a kind of facility that is named by code or label.

    Raises
    ------
    DataError
        If there is no such kind.
    """
    wanted = text.strip()
    for code, label in KINDS.items():
        if wanted in {code, label.zh} or wanted.lower() == label.en.lower():
            return code
    raise DataError(
        f"{text!r} is no kind of facility; expected one of {', '.join(KINDS)}",
        f"没有设施类型“{text}”；应为 {'、'.join(label.zh for label in KINDS.values())} 之一",
    )


def _asking(book: Book, kind: str, as_of: date, way: type[Walk] | type[Adequacy]) -> Iterator[Rule]:
    """Yield the rules in force that measure facilities of a kind in a `way`."""
    for rule in book.in_force(as_of):
        measure = rule.measure
        if isinstance(measure, way) and measure.layer == FACILITIES and kind in measure.kinds:
            yield rule
