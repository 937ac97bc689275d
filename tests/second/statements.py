"""What kind of statement a rule makes of an estate, and which rule of a family leads."""

import math
from collections.abc import Mapping
from datetime import date

from tests.second.book import Book
from tests.second.logic import Row

BINDING, COMPARED, SUPERSEDED, SAYS_NOTHING = range(4)
BADNESS = ("not_applicable", "waived", "met", "unknown", "marginal", "short", "missing")


def is_new(book: Book, rule: Row, estate: Row) -> bool:
    """Return whether an estate was built after the year in which a rule came into force."""
    built = estate["built_year"]
    return built is not None and built > book.starts(rule).year


def statement(book: Book, rule: Row, estate: Row, day: date) -> str:
    """Return the kind of statement: the first line that holds in the table of docs/rulebook.md."""
    if rule.get("condition_of"):
        return "condition"
    is_unconfirmed = rule["override"] == "required" or rule["verified"] == "recall"
    if is_unconfirmed or rule["measure"]["by"] == "agreement":
        return "pending"
    if is_superseded(book, rule, day):
        return "yardstick"
    return "gap" if _binds(book, rule, estate) else "yardstick"


def is_superseded(book: Book, rule: Row, day: date) -> bool:
    """Return whether the source of a rule is out of force."""
    return book.tables["source"][rule["source"]].get("effective_to", date.max) < day


def leader(book: Book, family: str, estate: Row, outcomes: Mapping[str, str], day: date) -> str:
    """Return the rule whose verdict is the family's, of those judged (`outcomes` by rule)."""
    rules = {rule["id"]: rule for rule in book.in_force(day)}
    order = [name for name in book.tables["family"][family]["rules"] if name in outcomes]

    kinds = {name: statement(book, rules[name], estate, day) for name in order}
    alike = {kind: list(kinds.values()).index(kind) for kind in kinds.values()}
    is_answered = book.tables["family"][family].get("known_first", False)

    def place(name: str) -> tuple[int, ...]:
        level = _level(book, rules[name], estate, outcomes[name], day)
        waits = outcomes[name] == "unknown" and (is_answered or level != BINDING)
        mildness = -BADNESS.index(outcomes[name])
        return level, waits, alike[kinds[name]], mildness, order.index(name)

    return min(order, key=place)


def _binds(book: Book, rule: Row, estate: Row) -> bool:
    built = estate["built_year"]
    latest = book.tables["programme"]["allowed_until"]
    return {
        "binding_existing": True,
        "binding_programme": (-math.inf if built is None else built) <= latest,
        "binding_new": is_new(book, rule, estate),
        "reference_only": False,
    }[rule["bearing"]]


def _level(book: Book, rule: Row, estate: Row, outcome: str, day: date) -> int:
    is_asked = is_new(book, rule, estate) or not rule.get("new_estates_only")
    if outcome == "not_applicable" or not is_asked:
        return SAYS_NOTHING
    if statement(book, rule, estate, day) == "gap":
        return BINDING
    return SUPERSEDED if is_superseded(book, rule, day) else COMPARED
