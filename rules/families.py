"""
Families: rules that judge the same thing, and which of them decides for an estate on a day.

One shortage is one gap: the rule that leads gives the family's verdict, the others are shown under
it and never add up with it.
"""

from dataclasses import dataclass
from datetime import date

from layers.findings import Statement
from rules.model import Book, Rule
from rules.statements import is_asked, statement

BINDING, COMPARED, SUPERSEDED = range(3)
"""How a rule stands to an estate; the lowest leads."""


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """
    A rule of a family as it stands to one estate.

    Attributes
    ----------
    rule : Rule
    statement : Statement
        What kind of statement the rule makes of the estate.
    level : int
        `BINDING`, `COMPARED` or `SUPERSEDED`.
    """

    rule: Rule
    statement: Statement
    level: int


def members(
    book: Book, family: str, as_of: date, built_year: int | None = None
) -> tuple[FamilyMember, ...]:
    """
    Return the rules of a family that are asked of an estate, the one that leads first.

    What binds the estate comes before what is compared with it, what is in force before what has
    been superseded; within each, the order of the family holds.

    Parameters
    ----------
    book : Book
        The rulebook.
    family : str
        Id of one of its families.
    as_of : date
        Day of the assessment.
    built_year : int or None
        Year in which the estate was built, None where unknown.

    Returns
    -------
    tuple of FamilyMember
        Empty where no rule of the family is asked on that day.
    """
    rules = (book.by_id[name] for name in book.families[family].rules)
    asked = [rule for rule in rules if rule.in_force(as_of) and is_asked(rule, built_year)]
    found = [
        FamilyMember(
            rule,
            statement(book, rule, as_of, built_year),
            level_of(book, rule, as_of, built_year),
        )
        for rule in asked
    ]
    return tuple(sorted(found, key=lambda member: member.level))


def level_of(book: Book, rule: Rule, as_of: date, built_year: int | None = None) -> int:
    """
    Return `BINDING`, `COMPARED` or `SUPERSEDED`: how a rule stands to an estate.

    Parameters
    ----------
    book : Book
        The rulebook of `rule`.
    rule : Rule
        A rule in force on `as_of`.
    as_of : date
        Day of the assessment.
    built_year : int or None
        Year in which the estate was built, None where unknown.
    """
    if statement(book, rule, as_of, built_year) is Statement.GAP:
        return BINDING
    return COMPARED if book.sources[rule.source].in_force(as_of) else SUPERSEDED
