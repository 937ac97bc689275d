"""Case: a finding that is met, short or missing, with its figures as its sentence writes them."""

from dataclasses import dataclass

from layers.findings import DEGREE_LABELS, FAILING, Degree, Outcome
from rules.criterion import Criterion, Legs, deciding
from rules.degree import degree, is_counted
from rules.grammar import StepFree
from rules.model import Rule
from rules.rounding import limit, quantity
from rules.voice import Finding, Voice
from wording.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Case:
    """A finding that is met, short or missing, and the voice that puts it into words."""

    finding: Finding
    voice: Voice

    @property
    def rule(self) -> Rule:
        """The rule that the estate is held against."""
        return self.voice.rule

    def say(self, key: str, **more: object) -> str:
        """Return a phrase with the counts and names of the finding filled in."""
        found = self.finding
        words = {
            "n": found.failing_members,
            "members": self.members(found.witness_layer),
        } | more
        return self.voice.say(
            key,
            failing=found.failing_members,
            reached=found.reached,
            witness=found.witness,
            metric=self.rule.metric[self.voice.language],
            **words,
        )

    @property
    def how_many(self) -> str:
        """Of the members fail "some", "all" or "none", or of a single one "one" or "one_none"."""
        failing, members = self.finding.failing_members, self.finding.members
        if members == 1 and failing == self.failing:
            return "one" if failing else "one_none"
        if failing == (members if self.failing else 0):
            return "all" if failing else "none"
        return "some"

    @property
    def failing(self) -> bool:
        """Whether the estate fails."""
        return self.finding.outcome in FAILING

    @property
    def criterion(self) -> Criterion:
        """What the outcome rests on."""
        found = self.finding
        legs = Legs(found.leg_value, found.walked_m, found.column, found.sharing, found.failed)
        return deciding(self.rule, found.outcome, found.value, legs)

    @property
    def value(self) -> str:
        """The estate's value with its unit, as it is read beside the threshold."""
        return self.amount(self.finding.value, self.rule.unit, self.rule.threshold)

    @property
    def limit(self) -> str:
        """The threshold with its unit, as it is read."""
        return self.bound_amount(self.rule.threshold, self.rule.unit)

    def amount(self, value: float, unit: str, beside: float) -> str:
        """
        Return a value with its unit, as it is read beside a limit.

        Parameters
        ----------
        value : float
            In `unit`; "" is returned for an unknown one (NaN) and one without limit (inf).
        unit : str
            A unit of the rulebook.
        beside : float
            The limit, in `unit`; NaN where there is none.
        """
        return _without_per(quantity(value, unit, self.voice.language, beside))

    def bound_amount(self, bound: float, unit: str) -> str:
        """Return a limit with its unit, as it is read; parameters as in `amount`."""
        return _without_per(limit(bound, unit, self.voice.language))

    @property
    def degree(self) -> Degree:
        """How the deciding figure compares with its limit."""
        return degree(self.rule, self.finding.outcome, self.criterion)

    @property
    def judgement(self) -> str:
        """How the value compares with the threshold, and the threshold as a demand."""
        found = self.degree
        if found is Degree.NONE_ALLOWED:  # the word is the demand
            return self.say("judgement.demand", bound=self.bound)
        word = DEGREE_LABELS[found][self.voice.language]
        return self.say("judgement.degree", degree=word, bound=self.bound)

    @property
    def bound(self) -> str:
        """The threshold as a demand, and from where on what is too much counts as missing."""
        rule, missing = self.rule, self.finding.outcome == Outcome.MISSING
        if rule.threshold == 0:
            said = DEGREE_LABELS[Degree.NONE_ALLOWED][self.voice.language]
        else:
            said = self.say(self._bound_key, limit=self.limit)
        if missing and rule.comparison == "<=" and rule.missing_beyond is not None:
            beyond = self.bound_amount(rule.missing_beyond, rule.unit)
            said += self.say("bound.missing_beyond", beyond=beyond)
        return said

    @property
    def _bound_key(self) -> str:
        if self.rule.comparison == "<=":
            return "bound.at_most"
        return "bound.no_fewer" if is_counted(self.rule.unit) else "bound.at_least"

    @property
    def door(self) -> str:
        """What the doors are called from which people walk."""
        return self.voice.say(f"door.{self.finding.origin_layer}")

    @property
    def doors(self) -> str:
        """How many doors there are from which people walk."""
        return self.voice.say(f"doors.{self.finding.origin_layer}", n=self.finding.members)

    def members(self, layer: str | None) -> str:
        """Return how many members there are, called as rows of `layer` are."""
        return self._so_many(self.finding.members, layer)

    def those(self, count: int) -> str:
        """Return `count` of the members, called as rows of the layer they are judged by."""
        measure = self.rule.measure
        layer = "units" if isinstance(measure, StepFree) else getattr(measure, "layer", None)
        return self._so_many(count, layer)

    def _so_many(self, count: int, layer: str | None) -> str:
        key = f"members.{layer}"
        return self.voice.say(key if key in catalogue() else "members.other", n=count)

    @property
    def counter(self) -> str:
        """The measure word of members, "" in English."""
        key = f"counter.{self.finding.witness_layer}"
        return self.voice.say(key if key in catalogue() else "counter.other")


def _without_per(amount: str) -> str:
    """Return an amount without what it is per: a metric per household names the household."""
    return amount.partition("/")[0]
