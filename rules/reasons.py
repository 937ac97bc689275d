"""Reasons: each finding in one plain sentence, Chinese or English, fit to be read aloud."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from math import isfinite, isinf, nan

import layers
from layers.findings import FAILING, Outcome, Statement
from rules import totals
from rules.bodies import named
from rules.grammar import Adequacy, Agreement, Area, Checklist, Ratio, Selection, Walk
from rules.lacking import in_words
from rules.model import Book, Rule, Waiver
from rules.rounding import exact, figure, with_unit
from rules.sharing import Share
from wording import Language, say
from wording.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One finding, as far as its sentence speaks of it.

    Attributes
    ----------
    witness : str or None
        What people call the feature that decided, in the language of the sentence.
    outcome, estate_id, as_of : str
        As in the findings frame, like all that follow; NaN is unknown, None is none.
    town : str or None
        Name of the estate's town.
    """

    witness: str | None
    outcome: str
    estate_id: str
    as_of: str
    statement: str = Statement.GAP
    town: str | None = None
    value: float = nan
    failing_members: int = 0
    unknown_members: int = 0
    members: int = 0
    exposed_households: float = nan
    walked_m: float = nan
    reached: int = 0
    upper_households: float = nan
    upper_share: float = nan
    is_estimated: bool = False
    origin_layer: str | None = None
    witness_layer: str | None = None
    lacking: str | None = None
    compared: str | None = None
    sharing: str | None = None
    leads: bool = True


class Voice:
    """
    What a rule's findings are put into words with.

    Parameters
    ----------
    rule : Rule
        The rule that estates are held against.
    book : Book
        Who supplies what, and what is waived.
    language : {"zh", "en"}
        Of every sentence.
    """

    def __init__(self, rule: Rule, book: Book, language: Language) -> None:
        self.rule, self.book, self.language = rule, book, language
        # Most estates lack the same: it is put into words once.
        self._lacking = cache(partial(in_words, rule=rule, book=book, language=language))

    @property
    def is_stated(self) -> bool:
        """Whether the rule takes the survey's word where another of its family measures."""
        family = self.book.families.get(self.book.family_of.get(self.rule.id, ""))
        return family is not None and family.first_known and family.rules[0] != self.rule.id

    def lacking(self, finding: Finding) -> tuple[str, str]:
        """Say what is lacking and who must supply it."""
        return self._lacking(finding.lacking or "", town=finding.town)

    def reason(self, finding: Finding) -> str:
        """Return the sentence of a finding, its names in the same language."""
        if finding.outcome == Outcome.UNKNOWN:
            data, departments = self.lacking(finding)
            return self.say("whole.unknown", data=data, departments=departments)
        if finding.outcome == Outcome.NOT_APPLICABLE:
            return self.say(_nothing(self.rule))
        if finding.outcome == Outcome.WAIVED:
            waiver = self._waiver(finding)
            return self.say("whole.waived", why=waiver.why, who=waiver.who, when=waiver.when)
        case = Case(finding, self)
        said = _SAY.get(self.rule.measure.by, _amount)(case)
        if finding.unknown_members:
            said += self.say("end.unknown", unknown=finding.unknown_members)
        return said + remarks(self, finding)

    def totals(self, finding: Finding) -> str:
        """Say what the layers state of one thing, and who holds each figure."""
        return totals.in_words(finding.compared or "", self.book, self.language, finding.town)

    def _waiver(self, finding: Finding) -> Waiver:
        """Return why the rule is not asked of the estate: the last of several waivers."""
        on = waivers_on(self.book, self.rule, date.fromisoformat(finding.as_of))
        return [one for one in on if not one.estates or finding.estate_id in one.estates][-1]

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with `values` filled in; they are never read as phrases themselves."""
        return say(key, self.language, **values)


def _nothing(rule: Rule) -> str:
    """Return the key of why a rule does not apply."""
    if isinstance(rule.measure, Agreement):
        return "whole.nothing_to_compare"
    return "whole.nothing"


def waivers_on(book: Book, rule: Rule, as_of: date) -> list[Waiver]:
    """Return the waivers of a rule that hold on the day `as_of`."""
    return [
        waiver
        for waiver in book.waivers
        if waiver.rule == rule.id and (waiver.until is None or as_of <= waiver.until)
    ]


def remarks(voice: Voice, finding: Finding) -> str:
    """Return what must be said beside the verdict (no gap, unverified, placeholder) and stop."""
    rule, keys = voice.rule, []
    if finding.outcome in FAILING and finding.statement in _NO_GAP:
        keys.append(_NO_GAP[finding.statement](voice, finding))
    if not finding.leads and voice.is_stated:
        keys.append("end.measured_first")
    if rule.verified == "recall":
        keys.append("end.recall")
    if rule.is_placeholder:
        keys.append("end.placeholder")
    ended = voice.book.sources[rule.source].effective_to
    return "".join(voice.say(key, ended=ended) for key in (*keys, "end.stop"))


def _yardstick(voice: Voice, finding: Finding) -> str:
    """Return the key of why a failing finding is a yardstick."""
    rule = voice.rule
    if not voice.book.sources[rule.source].in_force(date.fromisoformat(finding.as_of)):
        return "end.ended"
    if rule.strength == "convention":
        return "end.own_yardstick"
    return f"end.{rule.bearing}"


_NO_GAP: Mapping[str, Callable[[Voice, Finding], str]] = {
    Statement.YARDSTICK: _yardstick,
    Statement.CONDITION: lambda voice, finding: "end.condition",  # noqa: ARG005
}


def kinds_of(selection: Selection, voice: Voice) -> str:
    """Return the labels of the kinds selected."""
    codes = layers.ALL[selection.layer].column("kind").codes or {}
    return voice.say("walk.or").join(codes[kind][voice.language] for kind in selection.kinds)


@dataclass(frozen=True, slots=True)
class Case:
    """A finding that is met, short or missing, and the voice that tells it."""

    finding: Finding
    voice: Voice

    @property
    def rule(self) -> Rule:
        """The rule that the estate is held against."""
        return self.voice.rule

    def say(self, key: str, **more: object) -> str:
        """Return a phrase with the counts and names of the finding filled in."""
        found = self.finding
        return self.voice.say(
            key,
            failing=found.failing_members,
            members=found.members,
            reached=found.reached,
            witness=found.witness,
            metric=self.rule.metric[self.voice.language],
            **more,
        )

    @property
    def failing(self) -> bool:
        """Whether the estate fails."""
        return self.finding.outcome in FAILING

    @property
    def value(self) -> str:
        """The estate's value with its unit, as it is read beside the threshold."""
        number = figure(self.finding.value, self.rule.unit, self.rule.threshold)
        return with_unit(number, self.rule.unit, self.voice.language)

    @property
    def limit(self) -> str:
        """The threshold with its unit, as it is read."""
        number = exact(self.rule.threshold, self.rule.unit)
        return with_unit(number, self.rule.unit, self.voice.language)

    @property
    def door(self) -> str:
        """What the doors are called from which people walk."""
        return self.voice.say(f"door.{self.finding.origin_layer}")

    @property
    def member(self) -> str:
        """What members are called."""
        key = f"member.{self.finding.witness_layer}"
        return self.voice.say(key if key in catalogue() else "member.other")


def _walk(case: Case) -> str:
    found, door = case.finding, case.door
    if not case.failing:
        return case.say("walk.met", door=door, value=case.value, limit=case.limit)
    if isfinite(found.value):
        said = case.say("walk.far", door=door, value=case.value, limit=case.limit)
    else:
        assert isinstance(case.rule.measure, Walk)  # noqa: S101 - guaranteed by _SAY
        look = case.rule.measure.look_m
        within = case.say("walk.within", look=exact(look, "m")) if look else ""
        kinds = kinds_of(case.rule.measure, case.voice)
        said = case.say("walk.none", door=door, within=within, kinds=kinds)
    amount = found.exposed_households
    behind = case.say("walk.households", households=f"{amount:.0f}") if isfinite(amount) else ""
    return said + case.say("walk.failing", door=door, households=behind)


def _amount(case: Case) -> str:
    """Say the value and the threshold; for ratios also the walk that would do instead."""
    found, measure = case.finding, case.rule.measure
    value = case.value if isfinite(found.value) else case.say("amount.large")
    said = case.say("amount.is", value=value, bound=_bound(case))
    if found.is_estimated:
        said += case.say("amount.estimated")
    if isinstance(measure, Ratio) and measure.min_of is not None:
        said += case.say("amount.in_all", least=f"{measure.min_of:g}")
    if isinstance(measure, Ratio) and measure.or_walk is not None:
        said += _or_walk(case, measure)
    return said


def _bound(case: Case) -> str:
    """Say the threshold."""
    if case.rule.threshold == 0:
        return case.say("amount.none_wanted")
    key = "amount.at_least" if case.rule.comparison == ">=" else "amount.at_most"
    return case.say(key, limit=case.limit)


def _or_walk(case: Case, measure: Ratio) -> str:
    """Say how far the place is that would do instead."""
    assert measure.or_walk is not None  # noqa: S101 - guaranteed by the caller
    limit, walked = measure.or_walk.within_m, case.finding.walked_m
    within = exact(limit, "m")
    if not isfinite(walked):
        what = measure.or_walk.what[case.voice.language]
        return case.say("amount.no_walk", within=within, what=what)
    far = figure(walked, "m", limit)
    return case.say("amount.or_walk", door=case.door, walked=far, within=within)


def _adequacy(case: Case) -> str:
    """Say what a head is given, among whom, and how many are given nothing."""
    measure, share = case.rule.measure, Share.read(case.finding.sharing or "")
    assert isinstance(measure, Adequacy)  # noqa: S101 - guaranteed by _SAY
    within = exact(measure.within_m or case.voice.book.reach_m(measure.within), "m")
    if not isfinite(share.estates):
        return _amount(case) + case.say("shared.none", within=within)
    who = case.say(f"heads.{measure.demand}")
    said = _amount(case) + _among(case, share, within, who)
    if share.without > 0:
        part, most = (
            figure(share.without, "", measure.most_without),
            exact(measure.most_without, ""),
        )
        over = case.failing and share.without > measure.most_without
        key = "shared.too_many_without" if over else "shared.some_without"
        said += case.say(key, share=part, within=within, most=most)
    return said


def _among(case: Case, share: Share, within: str, who: str) -> str:
    """Say who shares the place that gives an estate the most."""
    low, high = share.outside_low, share.outside_high
    if isinf(high):
        key = "shared.outside_at_least" if low > 0 else "shared.outside_unknown"
    else:
        key = "shared.outside_known" if low == high else "shared.outside_estimated"
    outside = case.say(key, low=f"{low:,.0f}", high=f"{high:,.0f}", who=who) if high > 0 else ""
    first = case.say("shared.by_one" if case.finding.reached == 1 else "shared.of_several")
    return first + case.say(
        "shared.among",
        within=within,
        n=int(share.estates),
        inside=f"{share.inside:,.0f}",
        who=who,
        outside=outside,
    )


def _attribute(case: Case) -> str:
    said = _amount(case)
    if not case.failing or case.finding.witness_layer == "estates":
        return said
    return said + case.say("amount.worst", member=case.member)


def _none_in_reach(case: Case) -> str:
    """Say that there is no place of the kinds asked for."""
    measure = case.rule.measure
    assert isinstance(measure, (Area, Checklist))  # noqa: S101 - guaranteed by the callers
    within = exact(case.voice.book.reach_m(measure.within), "m")
    return case.say("shared.no_place", within=within, kinds=kinds_of(measure, case.voice))


def _area(case: Case) -> str:
    if case.finding.members == 0:
        return _none_in_reach(case)
    return _amount(case) + case.say("amount.largest")


def _age(case: Case) -> str:
    return _amount(case) + case.say("amount.due")


def _checklist(case: Case) -> str:
    measure, found = case.rule.measure, case.finding
    assert isinstance(measure, Checklist)  # noqa: S101 - guaranteed by _SAY
    if measure.within and found.members == 0:
        return _none_in_reach(case)
    if measure.within:
        return case.say("checklist.best_short" if case.failing else "checklist.best_met")
    if measure.upper_floors_above is not None:
        return _lifts(case, measure.upper_floors_above)
    return case.say("checklist.share", member=case.member, share=figure(found.value, "", 1.0))


def _lifts(case: Case, above: int) -> str:
    found = case.finding
    without = figure(found.failing_members / max(found.members, 1), "")
    said = case.say("checklist.lifts", share=without)
    if case.failing and isfinite(found.upper_households):
        part = figure(found.upper_share, "") if isfinite(found.upper_share) else "?"
        amount = f"{found.upper_households:.0f}"
        said += case.say("checklist.upper", above=above, households=amount, share=part)
    return said


def _step_free(case: Case) -> str:
    return case.say("step_free.short" if case.failing else "step_free.met")


def _agreement(case: Case) -> str:
    """Say every total with its holder, and how far they are apart."""
    stated = case.voice.totals(case.finding)
    if not case.failing:
        return case.say("totals.agree", totals=stated)
    rule, book = case.rule, case.voice.book
    lead = book.departments[rule.supplier or book.items[rule.item].lead]
    decides = named(lead, case.finding.town)[case.voice.language]
    apart = case.value
    return case.say("totals.apart", totals=stated, difference=apart, decides=decides)


_SAY: Mapping[str, Callable[[Case], str]] = {
    "walk": _walk,
    "adequacy": _adequacy,
    "attribute": _attribute,
    "clearance": _attribute,
    "area": _area,
    "age": _age,
    "checklist": _checklist,
    "agreement": _agreement,
    "obstruction": _attribute,
    "step_free": _step_free,
}
"""How a way of measuring is put into words; all others say the amount."""
