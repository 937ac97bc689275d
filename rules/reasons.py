"""Reasons: each finding in one plain sentence, Chinese or English, fit to be read aloud."""

from collections.abc import Callable, Mapping
from datetime import date
from math import isfinite, isinf

import layers
from layers.findings import FAILING, Outcome, Statement
from rules.bodies import mentioned
from rules.case import Case
from rules.catchment import catchment_m, counts_in_reach
from rules.criterion import Criterion, failures, total_unit
from rules.degree import is_counted
from rules.explained import clause_text
from rules.grammar import Adequacy, Agreement, Area, Checklist, Ratio, Walk
from rules.margin import accuracy_at, tolerance
from rules.model import Book, Rule, Waiver
from rules.nothing import called, nothing
from rules.rounding import exact, figure, limit
from rules.sharing import Share
from rules.verdict import SAME
from rules.voice import Finding, Voice
from wording import listing, text


def reason(voice: Voice, finding: Finding) -> str:
    """
    Return the sentence of a finding.

    Parameters
    ----------
    voice : Voice
        The rule, and the language of the sentence.
    finding : Finding
        With the name of its witness in the same language.
    """
    if finding.outcome == Outcome.UNKNOWN:
        return voice.say("whole.unknown", wanted=voice.wanted(finding))
    if finding.outcome == Outcome.NOT_APPLICABLE:
        return nothing(voice)
    if finding.outcome == Outcome.WAIVED:
        waiver = _waiver(voice, finding)
        return voice.say("whole.waived", why=waiver.why, who=waiver.who, when=waiver.when)
    case = Case(finding, voice)
    said = _SAY.get(voice.rule.measure.by, _amount)(case)
    if finding.unknown_members:
        said += voice.say("end.unknown", those=case.those(finding.unknown_members))
    return _capital(said + remarks(voice, finding))


def _waiver(voice: Voice, finding: Finding) -> Waiver:
    """Return why the rule is not asked of the estate: the last of several waivers."""
    on = waivers_on(voice.book, voice.rule, date.fromisoformat(finding.as_of))
    return [one for one in on if not one.estates or finding.estate_id in one.estates][-1]


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def waivers_on(book: Book, rule: Rule, as_of: date) -> list[Waiver]:
    """
    Return the waivers of a rule that hold on a day.

    Parameters
    ----------
    book : Book
        The rulebook with all waivers.
    rule : Rule
        One of its rules.
    as_of : datetime.date
        The day; a waiver still holds on its last.
    """
    return [
        waiver
        for waiver in book.waivers
        if waiver.rule == rule.id and (waiver.until is None or as_of <= waiver.until)
    ]


def remarks(voice: Voice, finding: Finding) -> str:
    """
    Return what must be said beside the verdict, and the full stop.

    Parameters
    ----------
    voice : Voice
        The rule, the book and the language.
    finding : Finding
        One that is met or failing.

    Returns
    -------
    str
        That the walk takes a gate for open, that the verdict is marginal, why a failing finding is
        no gap, whether the survey's word or what is measured decides, that the threshold is
        unverified or a placeholder: as far as each is so.
    """
    rule, keys = voice.rule, []
    words: dict[str, object] = {"ended": voice.book.sources[rule.source].effective_to}
    if finding.by_unknown_gate:
        keys.append("end.by_unknown_gate")
    if finding.is_marginal:
        keys.append(_marginal(Case(finding, voice), words))
    if finding.outcome in FAILING and finding.statement in _NO_GAP:
        keys.append(_NO_GAP[finding.statement](voice, finding))
    if voice.is_stated and not finding.leads:
        keys.append("end.measured_decides")
    elif voice.is_stated and finding.outcome in FAILING:
        keys.append("end.stated_decides")
    if rule.verified == "recall":
        keys.append("end.recall")
    if rule.is_placeholder:
        keys.append("end.placeholder")
    return "".join(voice.say(key, **words) for key in (*keys, "end.stop"))


def _marginal(case: Case, words: dict[str, object]) -> str:
    """Return the key of why a verdict is marginal, and add to its words how exact what is."""
    criterion, book, language = case.criterion, case.voice.book, case.voice.language
    within, measure = tolerance(case.rule, book, criterion), case.rule.measure
    if within > 0 and abs(criterion.value - criterion.limit) <= within * (1 + SAME):
        amount = case.bound_amount(within, criterion.unit)
        words["within"] = case.say("common.with_detail", text="", detail=amount)
        return "end.marginal"
    if counts_in_reach(measure):
        reach = catchment_m(measure, book)
        words["reach"] = limit(reach, "m", language)
        words["within"] = limit(accuracy_at(book, "walk", reach, "m"), "m", language)
        return "end.marginal_walk"
    words["within"] = ""  # a further demand of the rule
    return "end.marginal"


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
    Statement.MARGINAL: lambda voice, finding: "end.measure_again",  # noqa: ARG005
}


def _walk(case: Case) -> str:
    found, door = case.finding, case.door
    if isfinite(found.value):
        said = case.say("walk.is", door=door, value=case.value, judgement=case.judgement)
    else:
        assert isinstance(case.rule.measure, Walk)  # noqa: S101 - guaranteed by _SAY
        look = case.rule.measure.look_m
        within = case.say("walk.within", look=exact(look, "m")) if look else ""
        kinds = called(case.rule.measure, case.voice)
        said = case.say("walk.none", door=door, within=within, kinds=kinds)
    if not case.failing:
        return said
    amount = found.exposed_households
    behind = case.say("walk.households", n=round(amount)) if isfinite(amount) else ""
    return said + case.say(f"too_far.{case.how_many}", doors=case.doors, households=behind)


def _amount(case: Case) -> str:
    """Say the value and the threshold, and another demand of the rule where that decided."""
    found, measure, criterion = case.finding, case.rule.measure, case.criterion
    value = case.value if isfinite(found.value) else case.say(_without_value(criterion))
    if criterion.leg == "column":
        detail = criterion.metric[case.voice.language]
        value = case.say("common.with_detail", text=value, detail=detail)
    if criterion.leg in ("own", "column"):
        said = case.say("amount.is", value=value, judgement=case.judgement)
    else:
        said = case.say("amount.beside", value=value, bound=case.bound)
    if found.is_estimated:
        said += case.say("amount.estimated")
    if criterion.leg in ("total", "condition"):
        said += _leg(case, criterion)
    if isinstance(measure, Ratio) and criterion.leg != "total" and measure.min_of is not None:
        unit = total_unit(measure)
        key = "amount.in_all_no_fewer" if is_counted(unit) else "amount.in_all"
        said += case.say(key, least=case.bound_amount(measure.min_of, unit))
    fell_short = case.failing or criterion.leg == "walk"
    if fell_short and isinstance(measure, Ratio) and measure.or_walk is not None:
        said += _or_walk(case, measure)
    return said


def _without_value(criterion: Criterion) -> str:
    """Return the key of a value that is none: it has no limit, or another leg decided."""
    return "amount.large" if criterion.leg == "own" else "amount.not_known"


def _leg(case: Case, criterion: Criterion) -> str:
    """Say the value and the limit of another demand of the rule, which was not met."""
    value = case.amount(criterion.value, criterion.unit, criterion.limit)
    bound = case.bound_amount(criterion.limit, criterion.unit)
    key = "leg.too_much"
    if criterion.comparison == ">=":
        key = "leg.too_few" if is_counted(criterion.unit) else "leg.too_little"
    named = criterion.metric if criterion.leg == "condition" else text("leg.in_all")
    return case.say(key, named=named, value=value, limit=bound)


def _or_walk(case: Case, measure: Ratio) -> str:
    """Say how far the place is that would do instead."""
    assert measure.or_walk is not None  # noqa: S101 - guaranteed by the caller
    most, walked = measure.or_walk.within_m, case.finding.walked_m
    within = exact(most, "m")
    if not isfinite(walked):
        what = measure.or_walk.what[case.voice.language]
        return case.say("amount.no_walk", within=within, what=what)
    key = "amount.walk_will_do" if walked <= most else "amount.walk_too_far"
    return case.say(key, door=case.door, walked=figure(walked, "m", most), within=within)


def _adequacy(case: Case) -> str:
    """Say what a head is given, among whom, and how many are given nothing."""
    measure, share = case.rule.measure, Share.read(case.finding.sharing or "")
    assert isinstance(measure, Adequacy)  # noqa: S101 - guaranteed by _SAY
    within = exact(catchment_m(measure, case.voice.book), "m")
    if not isfinite(share.estates):
        return _amount(case) + case.say("shared.none", within=within)
    said = _amount(case) + _among(case, share, within, f"people.{measure.demand}")
    return said + _without(case, measure, share, within)


def _without(case: Case, measure: Adequacy, share: Share, within: str) -> str:
    """Say how many of the residents have no place, "" where all have one."""
    if share.without <= 0:
        return ""
    words = {"share": figure(share.without, "", measure.most_without), "within": within}
    if measure.most_without >= 1:
        return case.say("shared.without", **words)
    over = case.failing and share.without > measure.most_without
    key = "shared.too_many_without" if over else "shared.some_without"
    return case.say(key, most=exact(measure.most_without, ""), **words)


def _among(case: Case, share: Share, within: str, people: str) -> str:
    """Say who shares the place that gives an estate the most; `people` is the key of a count."""
    low, high = share.outside_low, share.outside_high
    if isinf(high):
        key = "shared.outside_at_least" if low > 0 else "shared.outside_unknown"
    else:
        key = "shared.outside_known" if low == high else "shared.outside_estimated"
    outside = ""
    if high > 0:
        most = case.say(people, n=round(low if isinf(high) else high))
        outside = case.say(key, low=f"{low:,.0f}", people=most)
    first = case.say("shared.by_one" if case.finding.reached == 1 else "shared.of_several")
    return first + case.say(
        "shared.among",
        within=within,
        n=int(share.estates),
        inside=case.say(people, n=round(share.inside)),
        outside=outside,
    )


def _attribute(case: Case) -> str:
    said = _amount(case)
    if not case.failing or case.finding.witness_layer == "estates":
        return said
    if case.finding.members == 1:
        return said + case.say("amount.only")
    return said + case.say(f"worst.{case.how_many}", counter=case.counter)


def _none_in_reach(case: Case) -> str:
    """Say that there is no place of the kinds asked for."""
    measure = case.rule.measure
    assert isinstance(measure, (Area, Checklist))  # noqa: S101 - guaranteed by the callers
    within = exact(catchment_m(measure, case.voice.book), "m")
    return case.say("shared.no_place", within=within, kinds=called(measure, case.voice))


def _area(case: Case) -> str:
    if case.finding.members == 0:
        return _none_in_reach(case)
    return _amount(case) + case.say("amount.largest")


def _age(case: Case) -> str:
    return _amount(case) + case.say(f"due.{case.how_many}", members=case.members("pipelines"))


def _checklist(case: Case) -> str:
    measure, found = case.rule.measure, case.finding
    assert isinstance(measure, Checklist)  # noqa: S101 - guaranteed by _SAY
    if measure.within and found.members == 0:
        return _none_in_reach(case)
    if measure.within and not case.failing:
        return case.say("checklist.best_met")
    if measure.within:
        return case.say("checklist.best_short") + _unmet(case, measure)
    if measure.upper_floors_above is not None:
        return _lifts(case, measure.upper_floors_above)
    share = figure(found.value, "", 1.0)
    said = case.say(f"checks.{case.how_many}", share=share, counter=case.counter)
    return said + (_unmet(case, measure) if case.failing else "")


def _unmet(case: Case, measure: Checklist) -> str:
    """Say which demands of a checklist are not met, and of several members by how many."""
    language, unmet = case.voice.language, []
    for place, count in failures(case.finding.failed):
        demand = clause_text(measure.layer, measure.all[place])[language]
        if not measure.within:
            demand = case.say("checklist.unmet", demand=demand, those=case.those(count))
        unmet.append(demand)
    return case.say("checklist.demands", demands=listing(unmet, language)) if unmet else ""


def _lifts(case: Case, above: int) -> str:
    found = case.finding
    units = case.members("units")
    without = figure(found.failing_members / max(found.members, 1), "")
    said = case.say(f"without_lift.{case.how_many}", members=units, share=without)
    if case.failing and isfinite(found.upper_households):
        part = figure(found.upper_share, "") if isfinite(found.upper_share) else "?"
        households = round(found.upper_households)
        said += case.say("checklist.upper", floor=above + 1, n=households, share=part)
    return said


def _step_free(case: Case) -> str:
    return case.say(f"with_steps.{case.how_many}", members=case.members("units"))


def _agreement(case: Case) -> str:
    """Say every total with its holder, and how far they are apart."""
    stated, rule, book = case.voice.totals(case.finding), case.rule, case.voice.book
    assert isinstance(rule.measure, Agreement)  # noqa: S101 - guaranteed by _SAY
    first = rule.measure.of[0]
    what = layers.ALL[first.layer].column(first.sum).label(case.voice.language)
    if not case.failing:
        return case.say("totals.agree", what=what, totals=stated)
    lead = rule.supplier or book.items[rule.item].lead
    decides = mentioned(book.body(lead, case.finding.town))[case.voice.language]
    words = {"what": what, "difference": case.value, "decides": decides}
    return case.say("totals.apart", totals=stated, **words)


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
    "clear_width": _attribute,
    "step_free": _step_free,
}
"""How a way of measuring is put into words; all others say the amount."""
