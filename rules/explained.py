"""
Explained: each rule in three lines, Chinese and English.

What is measured, against what, and why it makes a gap or not. The rulebook page and the generated
list of rules print the same lines.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import nan

import layers
from layers.findings import STATEMENT_LABELS, STRENGTH_LABELS, VERIFIED_LABELS
from rules import rounding
from rules.criterion import own
from rules.degree import demand_text
from rules.grammar import Adequacy, Age, Checklist, Measure, StepFree
from rules.margin import tolerance
from rules.model import Book, Rule
from rules.selection import AnyOf, Clause, Condition
from rules.statements import Ground, ground, statement
from wording import LANGUAGES, Language, Text, listing, text

_CHINESE = re.compile("[一-鿿]")
_OPERATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "="}


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule in three lines."""

    measured: Text
    against: Text
    binds: Text

    def lines(self, language: Language) -> tuple[str, str, str]:
        """Return the three lines in one language."""
        return self.measured[language], self.against[language], self.binds[language]


def explained(book: Book, rule: Rule, as_of: date, built_year: int | None = None) -> Explained:
    """
    Put a rule into three lines.

    Parameters
    ----------
    book : Book
        The rulebook of `rule`.
    rule : Rule
        Any of its rules, whether in force or not.
    as_of : date
        Day of the assessment.
    built_year : int or None
        Year in which the estate was built; None speaks of an old estate.
    """
    metric = Text(rule.metric_zh, _capital(rule.metric_en))
    return Explained(
        text("rule.measured", metric=metric, way=text(f"way.{rule.measure.by}")),
        _against(book, rule, as_of),
        why(book, rule, as_of, built_year),
    )


def why(book: Book, rule: Rule, as_of: date, built_year: int | None = None) -> Text:
    """Return the kind of statement that a rule makes, and why; parameters as in `explained`."""
    kind = STATEMENT_LABELS[statement(book, rule, as_of, built_year)]
    kind = kind if rule.judges else text("rule.look_up")
    kind = Text(kind.zh, _capital(kind.en))
    return text("rule.binds", kind=kind, ground=_reason(book, rule, as_of, built_year))


def _reason(book: Book, rule: Rule, as_of: date, built_year: int | None) -> Text:
    """Return the ground of a rule's statement."""
    found = ground(book, rule, as_of, built_year)
    name = str(found)
    if rule.new_estates_only and found is Ground.BUILT_BEFORE_IT:
        name = "not_asked"
    items = [book.items[item].label for item in rule.condition_of]
    return text(
        f"ground.{name}",
        items=_both(items),
        figure=text(f"figure.{rule.strength_on(as_of)}"),
        ended=book.sources[rule.source].effective_to,
        begun=rule.effective_from.year if rule.effective_from else "—",
        focus=book.programme.focus_until,
        allowed=book.programme.allowed_until,
    )


def _against(book: Book, rule: Rule, as_of: date) -> Text:
    """Return threshold, source, clause, strength, mark and dates."""
    source = book.sources[rule.source]
    cited = {
        "standard": f"{rule.source} {source.title} {rule.clause}",
        "convention": rule.clause,
    }.get(source.kind, f"{source.title} {rule.clause}")
    marks = [STRENGTH_LABELS[rule.strength_on(as_of)], VERIFIED_LABELS[rule.verified]]
    if rule.effective_from:
        marks.append(text("rule.begun", day=rule.effective_from))
    if rule.effective_to:
        marks.append(text("rule.ended", day=rule.effective_to))
    marks = list(dict.fromkeys(marks))
    said = Text("，".join(mark.zh for mark in marks), ", ".join(mark.en for mark in marks))
    limit = _with_accuracy(book, rule, required(rule))
    return text("rule.against", limit=limit, cited=cited, marks=said)


def _with_accuracy(book: Book, rule: Rule, limit: Text) -> Text:
    """Return a limit with how near to it a value is marginal."""
    criterion = own(rule, nan)
    within = tolerance(rule, book, criterion)
    if within == 0:
        return limit
    near = Text(*(rounding.limit(within, rule.unit, side) for side in LANGUAGES))
    return text("rule.marginal_within", limit=limit, within=near)


def required(rule: Rule) -> Text:
    """
    Return what a rule asks for: its threshold with unit, or its checks.

    Parameters
    ----------
    rule : Rule
        One that judges; of one to look up, its figure or that it has none.
    """
    if rule.op is not None and rule.value is not None:
        limits = (demand_text(rule.op, rule.value, rule.unit, side) for side in LANGUAGES)
        return _served(rule.measure, Text(*limits))
    if isinstance(rule.measure, Checklist):
        return _checks(rule.measure)
    if isinstance(rule.measure, StepFree):
        return text("rule.step_free")
    return _due(rule.measure) if isinstance(rule.measure, Age) else text("rule.no_figure")


def _served(measure: Measure, limit: Text) -> Text:
    """Return a threshold with the share of people who may have no place at all."""
    if not isinstance(measure, Adequacy) or measure.most_without >= 1:
        return limit
    return text("rule.most_without", limit=limit, share=f"{measure.most_without:.0%}")


def _due(measure: Age) -> Text:
    """Return which pipes there must be none of."""
    what = text("rule.aged", years=measure.age_years)
    if measure.age_needs_hazard:
        what = text("rule.hazardous", what=what)
    if measure.materials_always:
        what = text("rule.of_material", what=what, materials="、".join(measure.materials_always))
    if measure.cross_connected:
        what = text("rule.cross_connected", what=what)
    return text("rule.due", what=what)


def _checks(measure: Checklist) -> Text:
    """Return the checks of a checklist, and to what they apply."""
    checks = _both(clause_text(measure.layer, clause) for clause in measure.all)
    if not measure.when:
        return checks
    when = _both(clause_text(measure.layer, clause) for clause in measure.when)
    return text("rule.checked_where", when=when, checks=checks)


def clause_text(layer: str, clause: Clause) -> Text:
    """
    Return what a condition of a rule asks of a row.

    Parameters
    ----------
    layer : str
        Name of the layer.
    clause : Clause
        One condition, or several of which one is enough, on columns of that layer.
    """
    if isinstance(clause, AnyOf):
        either, any_of = text("rule.either"), [_condition(layer, one) for one in clause.any]
        return Text(*(either[side].join(one[side] for one in any_of) for side in LANGUAGES))
    return _condition(layer, clause)


def _condition(layer: str, condition: Condition) -> Text:
    column = layers.ALL[layer].column(condition.columns[0])
    label, value = Text(column.label_zh, column.label_en), condition.value
    if isinstance(value, bool):
        return label if value else text("rule.no", column=label)
    number = value if isinstance(value, str) else f"{value:,g} {column.unit}"
    if column.unit == "比例":
        number = f"{100 * float(value):.4g}%"
    english = number if not _CHINESE.search(number) else f"{value:,g}"
    sign = _OPERATORS[condition.op]
    return Text(f"{label.zh} {sign} {number}".rstrip(), f"{label.en} {sign} {english}".rstrip())


def _both(texts: Iterable[Text]) -> Text:
    """Return texts as one list."""
    several = list(texts)
    return Text(*(listing((one[side] for one in several), side) for side in LANGUAGES))


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
