"""Reasons: each finding in one plain sentence, Chinese and English, fit to be read aloud."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

import layers
from layers.findings import UNIT_LABELS
from rules.grammar import Adequacy, Checklist, Ratio, Selection, Walk
from rules.grouping import added
from rules.judged import Judged
from rules.model import Rule
from rules.situation import Situation
from rules.verdict import MET, SHORT, FloatArray

Sentence: TypeAlias = tuple[str, str]

_DOOR = {
    "units": ("单元门", "unit door"),
    "buildings": ("楼门", "building door"),
    "entrances": ("出入口", "gate"),
}
_MEMBER = {
    "units": ("个单元", "units"),
    "buildings": ("栋楼", "buildings"),
    "walkways": ("段道路", "roads"),
    "pipelines": ("段管线", "pipes"),
    "trees": ("株树", "trees"),
}
_PLACE = ("处", "places")
_MOST_DIGITS = 6


def figure(value: float, unit: str, beside: float = np.nan) -> str:
    """
    Return a number as it is read: shares in per cent, and digits enough to differ from `beside`.

    Parameters
    ----------
    value : float
        In `unit`.
    unit : str
        A unit of the rulebook; "" is a share.
    beside : float, optional
        The threshold printed next to it.
    """
    scale, tail = (100.0, "%") if unit == "" else (1.0, "")
    digits = 0 if unit in ("m", "m2", "place") and abs(value) >= 10 else 2  # noqa: PLR2004
    while digits < _MOST_DIGITS and value != beside:
        if round(value * scale, digits) != round(beside * scale, digits):
            break
        digits += 1
    text = f"{value * scale:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + tail


def remarks(judged: Judged, *, failing: bool) -> Sentence:
    """Return what must be said beside the verdict: yardstick, unverified, placeholder."""
    rule = judged.rule
    yardstick = (
        ("短板（对照）：约定值，不作违规认定", "a yardstick of our own, not a breach")
        if rule.strength == "convention"
        else ("短板（对照）：条款针对新建，不作违规认定", "a yardstick for new build, not a breach")
    )
    said = [
        yardstick if rule.bearing == "reference_only" and failing else None,
        ("阈值待核", "threshold to be verified") if rule.verified == "recall" else None,
        ("阈值为占位值，须主管部门确认", "threshold is a placeholder until the office confirms it")
        if rule.is_placeholder
        else None,
    ]
    zh = "".join(f"；{pair[0]}" for pair in said if pair)
    en = "".join(f"; {pair[1]}" for pair in said if pair)
    return zh + "。", en + "."


def sentences(situation: Situation, judged: Judged) -> list[Sentence]:
    """Return the sentence of every estate whose outcome is met, short or missing, else ("", "")."""
    say = _SAY.get(judged.rule.measure.by, _amount)
    code, unknown = judged.folded.code, judged.folded.unknown
    ends = {failing: remarks(judged, failing=failing) for failing in (True, False)}
    upper = _upper(situation, judged)
    told: list[Sentence] = []
    for estate in range(situation.size):
        if code[estate] != MET and code[estate] < SHORT:
            told.append(("", ""))
            continue
        zh, en = say(Case(situation, judged, estate, upper))
        if unknown[estate]:
            zh += f"；另有 {unknown[estate]} 处资料不足"
            en += f"; {unknown[estate]} more unknown"
        end = ends[bool(code[estate] >= SHORT)]
        told.append((zh + end[0], en + end[1]))
    return told


@dataclass(frozen=True)
class Case:
    """One estate under one rule."""

    situation: Situation
    judged: Judged
    estate: int
    upper: tuple[FloatArray, FloatArray] | None = None

    @property
    def failing(self) -> bool:
        """Whether the estate fails."""
        return bool(self.judged.folded.code[self.estate] >= SHORT)

    @property
    def pick(self) -> int:
        """The deciding member."""
        return int(self.judged.folded.pick[self.estate])

    def count(self, name: str) -> int:
        """Return one of the estate's counts: failing, unknown, members."""
        return int(getattr(self.judged.folded, name)[self.estate])

    @property
    def value(self) -> str:
        """The estate's value with its unit in Chinese and English."""
        return figure(self._value, self.judged.rule.unit, self.judged.threshold)

    @property
    def _value(self) -> float:
        return float(self.judged.value[self.estate])

    @property
    def has_value(self) -> bool:
        """Whether the value is a finite number."""
        return bool(np.isfinite(self._value))

    @property
    def limit(self) -> str:
        """The threshold as it is read."""
        return figure(self.judged.threshold, self.judged.rule.unit)

    @property
    def unit(self) -> Sentence:
        """The unit, Chinese and English, with a space before it."""
        zh, en = UNIT_LABELS[self.judged.rule.unit]
        return (f" {zh}", f" {en}") if zh else ("", "")

    @property
    def bound(self) -> Sentence:
        """How the threshold is said."""
        if self.judged.threshold == 0:
            return "要求没有", "none wanted"
        zh, en = ("不小于", "at least") if self.judged.op == ">=" else ("不大于", "at most")
        return f"要求{zh} {self.limit}{self.unit[0]}", f"{en} {self.limit}{self.unit[1]} wanted"

    @property
    def door(self) -> Sentence:
        """What the doors are from which people walk."""
        doors = self.judged.measured.doors
        assert doors is not None  # noqa: S101 - asked only where walks begin at doors
        return _DOOR[str(self.situation.doors.layer[doors[self.pick]])]

    @property
    def witness(self) -> Sentence:
        """Name of the feature that decided."""
        measured = self.judged.measured
        witnesses = measured.witness if self.failing else measured.witness_met
        assert witnesses is not None  # noqa: S101 - asked only where a walk has an end
        row = witnesses.row[self.pick]
        return str(witnesses.rows.names[row]), str(witnesses.rows.names_en[row])

    @property
    def member(self) -> Sentence:
        """What members are called."""
        rows = self.judged.measured.members
        return _PLACE if rows is None else _MEMBER.get(rows.layer, _PLACE)


def households(amount: float) -> Sentence:
    """Return a number of households, nothing if unknown."""
    return (f"、{amount:.0f} 户", f", {amount:.0f} households") if np.isfinite(amount) else ("", "")


def kinds_of(selection: Selection) -> Sentence:
    """Return the labels of the kinds selected."""
    codes = layers.ALL[selection.layer].column("kind").codes or {}
    labels = [codes[kind] for kind in selection.kinds]
    return "或".join(zh for zh, _ in labels), " or ".join(en for _, en in labels)


def _walk(case: Case) -> Sentence:
    door = case.door
    if not case.failing:
        to = case.witness
        return (
            f"最远{door[0]}步行 {case.value} m 到{to[0]}，不超过 {case.limit} m",
            f"the farthest {door[1]} walks {case.value} m to {to[1]}, within {case.limit} m",
        )
    n, m = case.count("failing"), case.count("members")
    zh, en = households(case.judged.folded.exposed[case.estate])
    tail = (f"；{m} 个{door[0]}中 {n} 个{zh}超出", f"; {n} of {m} {door[1]}s{en} beyond it")
    if not case.has_value:
        assert isinstance(case.judged.rule.measure, Walk)  # noqa: S101 - the registry sees to it
        kind = kinds_of(case.judged.rule.measure)
        look = case.judged.rule.measure.look_m
        within = (f" {look:g} m 内", f" within {look:g} m") if look else ("", "")
        return (
            f"最远{door[0]}步行{within[0]}到不了可用的{kind[0]}{tail[0]}",
            f"no usable {kind[1]} can be walked to from the farthest {door[1]}{within[1]}{tail[1]}",
        )
    to = case.witness
    en = f"the farthest {door[1]} walks {case.value} m to {to[1]}, over {case.limit} m{tail[1]}"
    return f"最远{door[0]}步行 {case.value} m 到{to[0]}，超过 {case.limit} m{tail[0]}", en


def _amount(case: Case) -> Sentence:
    """Say the value and the threshold; for ratios also the walk that would do instead."""
    rule, bound = case.judged.rule, case.bound
    value = (
        (case.value + case.unit[0], case.value + case.unit[1])
        if case.has_value
        else ("很大", "large")
    )
    zh = f"{rule.metric_zh}为 {value[0]}，{bound[0]}"
    en = f"{rule.metric_en}: {value[1]}, {bound[1]}"
    if any(case.situation.is_estimated(people, case.estate) for people in _people(rule)):
        zh, en = f"{zh}；人口为推算值", f"{en}; people estimated"
    if isinstance(rule.measure, Ratio) and rule.measure.min_of is not None:
        least = f"{rule.measure.min_of:g}"
        zh, en = f"{zh}，且总量不小于 {least}", f"{en}, and no less than {least} in all"
    if isinstance(rule.measure, Ratio) and rule.measure.or_walk is not None:
        return _or_walk(case, zh, en)
    return zh, en


def _people(rule: Rule) -> list[str]:
    """Return what people the rule divides by."""
    if isinstance(rule.measure, Adequacy):
        return [rule.measure.demand]
    return [q.sum for q in rule.measure.per] if isinstance(rule.measure, Ratio) else []


def _or_walk(case: Case, zh: str, en: str) -> Sentence:
    distance = case.judged.walked(case.pick)
    measure = case.judged.rule.measure
    assert isinstance(measure, Ratio) and measure.or_walk is not None  # noqa: S101, PT018
    within = figure(measure.or_walk.within_m, "m")
    if not np.isfinite(distance):
        return (
            f"{zh}；步行 {within} m 内没有{measure.or_walk.what_zh}",
            f"{en}; no {measure.or_walk.what_en} within a walk of {within} m",
        )
    walked, to, door = figure(distance, "m", measure.or_walk.within_m), case.witness, case.door
    return (
        f"{zh}；最远{door[0]}步行 {walked} m 到{to[0]}（{within} m 内即可）",
        f"{en}; the farthest {door[1]} walks {walked} m to {to[1]} ({within} m will do)",
    )


def _adequacy(case: Case) -> Sentence:
    zh, en = _amount(case)
    measured = case.judged.measured
    reached = 0 if measured.reached is None else int(measured.reached[case.estate])
    if reached == 0:
        zh, en = f"{zh}；步行范围内没有可分摊的设施", f"{en}; nothing to share in walking reach"
    else:
        zh, en = f"{zh}；由 {reached} 处设施按需求分摊", f"{en}; shared from {reached} places"
    return zh, en


def _attribute(case: Case) -> Sentence:
    zh, en = _amount(case)
    if not case.failing or case.judged.measured.members is None:
        return zh, en
    rows = case.judged.measured.members
    if rows.layer == "estates":
        return zh, en
    n, m, word = case.count("failing"), case.count("members"), case.member
    worst = rows.names[case.pick], rows.names_en[case.pick]
    return (
        f"{zh}；{m} {word[0]}中 {n} 处不达标，最差为{worst[0]}",
        f"{en}; {n} of {m} {word[1]} fail, the worst is {worst[1]}",
    )


def _area(case: Case) -> Sentence:
    zh, en = _amount(case)
    return f"{zh}（{case.witness[0]}）", f"{en} ({case.witness[1]})"


def _age(case: Case) -> Sentence:
    zh, en = _amount(case)
    n, m = case.count("failing"), case.count("members")
    return f"{zh}；{m} 段管线中 {n} 段应更新", f"{en}; {n} of {m} pipes are due"


def _checklist(case: Case) -> Sentence:
    rule = case.judged.rule
    assert isinstance(rule.measure, Checklist)  # noqa: S101 - the registry sees to it
    if case.judged.measured.is_best:
        verb = ("不符合要求", "falls short") if case.failing else ("符合要求", "is in order")
        return (
            f"{rule.metric_zh}：{case.witness[0]}{verb[0]}",
            f"{rule.metric_en}: {case.witness[1]} {verb[1]}",
        )
    n, m, word = case.count("failing"), case.count("members"), case.member
    if rule.measure.upper_floors_above is not None:
        return _lifts(case, rule.measure.upper_floors_above)
    share = figure(float(case.judged.value[case.estate]), "", 1.0)
    return (
        f"{rule.metric_zh}：{m} {word[0]}中 {n} 处不合格，检查项合格率 {share}",
        f"{rule.metric_en}: {n} of {m} {word[1]} fail, {share} of the checks hold",
    )


def _lifts(case: Case, above: int) -> Sentence:
    n, m = case.count("failing"), case.count("members")
    without = figure(n / max(m, 1), "")
    zh = f"{m} 个单元达到设梯条件，{n} 个无电梯（{without}）"
    en = f"{m} stair units call for a lift, {n} have none ({without})"
    assert case.upper is not None  # noqa: S101 - counted for every rule that names a floor
    amount, share = (float(values[case.estate]) for values in case.upper)
    if case.failing and np.isfinite(amount):
        part = figure(share, "") if np.isfinite(share) else "?"
        zh += f"；{above} 层以上无电梯住户约 {amount:.0f} 户（占全小区 {part}）"
        en += f"; about {amount:.0f} households above floor {above} without a lift ({part} of all)"
    return zh, en


def _upper(situation: Situation, judged: Judged) -> tuple[FloatArray, FloatArray] | None:
    measure = judged.rule.measure
    if isinstance(measure, Checklist) and measure.upper_floors_above is not None:
        return upper_households(situation, judged, measure.upper_floors_above)
    return None


def upper_households(
    situation: Situation, judged: Judged, above: int
) -> tuple[FloatArray, FloatArray]:
    """
    Return households above a floor in units that fail, and their share of the estate's.

    Parameters
    ----------
    situation, judged
        Where, and a rule on stair units.
    above : int
        The highest floor that is not counted.

    Returns
    -------
    households, share : ndarray of float64, shape (n,)
        With homes spread evenly over the floors; NaN where nobody knows.
    """
    measured = judged.measured
    assert measured.members is not None  # noqa: S101 - stair units are members
    assert measured.households is not None  # noqa: S101 - and people live in them
    failing = judged.verdict.code >= SHORT
    storeys = measured.members.numbers("storeys")
    higher = measured.households * np.clip((storeys - above) / storeys, 0.0, 1.0)
    amount = added(measured.estate[failing], higher[failing], situation.size)
    total = situation.rows("estates").numbers("households")
    with np.errstate(divide="ignore", invalid="ignore"):
        return amount, amount / total


_SAY: dict[str, Callable[[Case], Sentence]] = {
    "walk": _walk,
    "adequacy": _adequacy,
    "attribute": _attribute,
    "clearance": _attribute,
    "area": _area,
    "age": _age,
    "checklist": _checklist,
}
