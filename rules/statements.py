"""
Statements: what kind of statement a rule makes of an estate on a day.

A gap is a requirement that binds the estate and is not met; only gaps are counted. A yardstick
compares an estate with what binds others, or with a planning figure. A condition is asked of works
that are to be carried out. What rests on a placeholder or on memory, and survey figures that
disagree, are pending until the office has confirmed which holds.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from layers.findings import Statement
from rules.model import Book, Rule


class Ground(StrEnum):
    """Why a rule makes the kind of statement it makes."""

    CONDITION = "condition"
    PLACEHOLDER = "placeholder"
    RECALL = "recall"
    SOURCE_ENDED = "source_ended"
    FIGURES_DISAGREE = "figures_disagree"
    EXISTING = "existing"
    PROGRAMME = "programme"
    TOO_RECENT = "too_recent"
    BUILT_UNDER_IT = "built_under_it"
    BUILT_BEFORE_IT = "built_before_it"
    FIGURE_ONLY = "figure_only"


_STATEMENT_OF: Mapping[Ground, Statement] = {
    Ground.CONDITION: Statement.CONDITION,
    Ground.PLACEHOLDER: Statement.PENDING,
    Ground.RECALL: Statement.PENDING,
    Ground.SOURCE_ENDED: Statement.YARDSTICK,
    Ground.FIGURES_DISAGREE: Statement.PENDING,
    Ground.EXISTING: Statement.GAP,
    Ground.PROGRAMME: Statement.GAP,
    Ground.TOO_RECENT: Statement.YARDSTICK,
    Ground.BUILT_UNDER_IT: Statement.GAP,
    Ground.BUILT_BEFORE_IT: Statement.YARDSTICK,
    Ground.FIGURE_ONLY: Statement.YARDSTICK,
}


def statement(book: Book, rule: Rule, as_of: date, built_year: int | None = None) -> Statement:
    """
    Return the kind of statement that a rule makes of an estate.

    Parameters
    ----------
    book : Book
        The rulebook of `rule`.
    rule : Rule
        A rule in force on `as_of`.
    as_of : date
        Day of the assessment.
    built_year : int or None
        Year in which the estate was built; None where unknown: an old estate.

    Returns
    -------
    Statement
        Stated once, here: every count, table and map reads it.
    """
    return _STATEMENT_OF[ground(book, rule, as_of, built_year)]


def ground(book: Book, rule: Rule, as_of: date, built_year: int | None = None) -> Ground:
    """Return why `statement` says what it says; parameters as there."""
    if rule.measure.by == "agreement":
        return Ground.FIGURES_DISAGREE
    if rule.condition_of:
        return Ground.CONDITION
    if rule.is_placeholder:
        return Ground.PLACEHOLDER
    if rule.verified == "recall":
        return Ground.RECALL
    if not book.sources[rule.source].in_force(as_of):
        return Ground.SOURCE_ENDED
    return _binding(book, rule, built_year)


def _binding(book: Book, rule: Rule, built_year: int | None) -> Ground:
    """Return whether the clause binds an estate of that year."""
    if rule.bearing == "binding_existing":
        return Ground.EXISTING
    if rule.bearing == "binding_programme":
        too_recent = built_year is not None and built_year > book.programme.allowed_until
        return Ground.TOO_RECENT if too_recent else Ground.PROGRAMME
    if rule.bearing == "binding_new":
        return Ground.BUILT_UNDER_IT if is_new_estate(rule, built_year) else Ground.BUILT_BEFORE_IT
    return Ground.FIGURE_ONLY


def is_new_estate(rule: Rule, built_year: int | None) -> bool:
    """
    Return whether an estate was built while a rule was in force.

    An estate completed in the year in which the rule came into force was designed before it: only
    later years count. An unknown year is an old one.
    """
    if built_year is None or rule.effective_from is None:
        return False
    ended = rule.effective_to is not None and built_year > rule.effective_to.year
    return built_year > rule.effective_from.year and not ended


class Standing(StrEnum):
    """Where an estate's age puts it in the renovation programme."""

    FOCUS = "focus"
    ALLOWED = "allowed"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


def programme_standing(book: Book, built_year: int | None) -> Standing:
    """
    Return whether the programme takes an estate first, if money allows, or not at all.

    Parameters
    ----------
    book : Book
        With the years of the programme.
    built_year : int or None
        Year in which the estate was built, None where unknown.
    """
    if built_year is None:
        return Standing.UNKNOWN
    if built_year <= book.programme.focus_until:
        return Standing.FOCUS
    return Standing.ALLOWED if built_year <= book.programme.allowed_until else Standing.OUTSIDE


def is_asked(rule: Rule, built_year: int | None) -> bool:
    """
    Return whether a rule is asked of an estate of that year (None: unknown, an old one).

    Parameters
    ----------
    rule : Rule
        Any rule.
    built_year : int or None
        Year in which the estate was built; None, unknown, stands for an old estate.
    """
    return not rule.new_estates_only or is_new_estate(rule, built_year)
