"""
Adequacy: supply per head, shared fairly among all who can walk to it (two-step floating catchment).

First each place's supply is divided by the demand of everybody who may use it within the catchment:
the doors of the estates and the homes outside (`rules.outside`). Then each door adds up the shares
of the places it may use; an estate has the mean of its doors by demand. What the doors are given
never adds up to more than there is. A place that no one can use gives 0, and a door that reaches
none has 0: 0/0 is 0. The mean hides those who reach nothing: where more of an estate's people than
the rule tolerates have no place at all, the rule is not met.

Everything is known between a least and a most. Where nobody surveyed the homes outside, more people
may share than are known: an estate may then fall short for sure, but nothing shared is met. Where
walks are only as exact as they are drawn, an estate is given most if its own doubtful walks are all
in reach and those of the others are not, and least the other way round.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from geo.arrays import BoolArray, FloatArray
from rules.catchment import as_drawn, catchment, catchment_m, pairs, pairs_outside
from rules.context import EvaluationContext
from rules.grammar import Adequacy
from rules.grouping import added, counted
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown, bounds
from rules.measures.members import chosen
from rules.measures.pool import Between, Pool, most_used, pool, reached, sums_of_own
from rules.measures.reach import may_serve, unsure_estates
from rules.model import Book, Rule
from rules.reads import DOORS, OUTSIDE, Reads, rows_read
from rules.selection import columns_of
from rules.verdict import MET, SHORT, UNKNOWN, MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what supply and demand depend on."""
    spec = rule.measure
    assert isinstance(spec, Adequacy)  # noqa: S101 - guaranteed by the MEASURES registry
    columns = (spec.supply, "kind", *columns_of(spec.where), *filter(None, [spec.shared]))
    return DOORS | OUTSIDE | rows_read(spec.layer, spec.kinds, columns)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Measure what each estate is given per head, and how many of its people reach nothing."""
    spec = rule.measure
    assert isinstance(spec, Adequacy)  # noqa: S101 - guaranteed by the MEASURES registry
    pooled = pool(context, spec, catchment(spec, context.book))
    given = _given(pooled)
    found = _of_estates(context, pooled, given)
    place, sharing = most_used(pooled, given.high)
    found.lacking.outside(sharing.outside_low < sharing.outside_high)
    return replace(
        found, witness=place, witness_met=place, reached=reached(pooled), sharing=sharing
    )


def measure_near(context: EvaluationContext, rule: Rule) -> Measured | None:
    """Measure the same with walks as exact as they are drawn, None if that changes nothing."""
    spec = rule.measure
    assert isinstance(spec, Adequacy)  # noqa: S101 - guaranteed by the MEASURES registry
    within = as_drawn(spec, context.book)
    found = pairs(context, spec, within), pairs_outside(context, spec, within)
    if all(within.is_sure(some).all() for some in found):
        return None
    pooled = pool(context, spec, within)
    return _of_estates(context, pooled, _given(pooled))


def _of_estates(context: EvaluationContext, pooled: Pool, given: Between) -> Measured:
    """Return what each estate is given per head, and the share of its people without a place."""
    spec, lacking, heads = pooled.spec, Lacking(context), _heads(pooled)
    unseen = lacking.unsurveyed(spec.layer, spec.kinds) | lacking.walkways()
    lost = np.isnan(heads)
    within_m = catchment_m(spec, context.book)
    unsure = unsure_estates(context, spec, lacking, pooled.supply.high > 0, within_m)
    open_ended = unsure | unseen | lost
    _note(lacking, pooled, heads)
    per_head, without = _per_head(pooled, given, heads), _without(pooled, heads)
    return Measured(
        fields=pd.DataFrame(
            {
                "value_low": np.where(lost, 0.0, per_head.low),
                "value_high": np.where(open_ended, np.inf, per_head.high),
                "without_low": np.where(open_ended, 0.0, without.low),
                "without_high": np.where(lost, 1.0, without.high),
                "applies": heads != 0,
            }
        ),
        estate=np.arange(context.size),
        empty=all_unknown(context.size),
        lacking=lacking,
    )


def _heads(pooled: Pool) -> FloatArray:
    """Return the heads of every estate, NaN where unknown or where it has no door."""
    heads = added(pooled.estate, pooled.demand.high, pooled.size)
    return np.where((counted(pooled.estate, pooled.size) == 0) | np.isinf(heads), np.nan, heads)


def _given(pooled: Pool) -> Between:
    """Return the least and the most that one head at each pair's door is given by its place."""
    uses, spec = pooled.uses, pooled.spec
    shared = _rates(pooled, np.ones(len(uses.door), dtype=bool), pooled.outside)
    sure = may_serve(pooled.rows, spec, include_unknown=False)[uses.place]
    if sure.all():
        return shared
    none = np.zeros(len(pooled.rows))
    alone = _rates(pooled, uses.own, Between(none, none))
    maybe = may_serve(pooled.rows, spec, include_unknown=True)[uses.place]
    least = np.where(sure | (maybe & uses.own), shared.low, 0.0)
    most = np.where(sure | (maybe & ~uses.own), shared.high, 0.0)
    return Between(
        np.where(uses.own & ~maybe, alone.low, least), np.where(uses.own & ~sure, alone.high, most)
    )


def _rates(pooled: Pool, users: BoolArray, outside: Between) -> Between:
    """Return, for each pair, its place's supply per head of all `users` and of those outside."""
    supply, heads = pooled.supply.take(pooled.uses.place), _sharers(pooled, users, outside)
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.where((heads.high > 0) & pooled.uses.near, supply.low / heads.high, 0.0)
        used = (heads.low > 0) | (heads.high > 0)
        best = np.where(used & (supply.high > 0), supply.high / heads.low, 0.0)
    return Between(least, best)


def _sharers(pooled: Pool, users: BoolArray, outside: Between) -> Between:
    """Return, for each pair, the fewest and the most heads with which its own share its place."""
    uses, demand, count = pooled.uses, pooled.demand, len(pooled.rows)
    sure, door = users & uses.near, uses.door
    fewest = added(uses.place[sure], demand.low[door[sure]], count) + outside.low
    most = added(uses.place[users], demand.high[door[users]], count) + outside.high
    heads = Between(fewest, most).take(uses.place)
    if uses.near.all():
        return heads
    # What an estate is given grows with its own heads and falls with those of the others.
    own = users & ~uses.near
    with np.errstate(invalid="ignore"):
        return Between(
            heads.low + sums_of_own(pooled, own, demand.low),
            heads.high - sums_of_own(pooled, own, demand.high),
        )


def _per_head(pooled: Pool, given: Between, heads: FloatArray) -> Between:
    """Return what a head of each estate is given in the mean; anything where heads are unknown."""
    owner, weight = pooled.estate[pooled.uses.door], pooled.demand.low[pooled.uses.door]
    used = weight > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (
            pooled.spec.scale * added(owner[used], rate[used] * weight[used], pooled.size) / heads
            for rate in (given.low, given.high)
        )
    return Between(np.where(heads > 0, low, 0.0), np.where(heads > 0, high, np.inf))


def _without(pooled: Pool, heads: FloatArray) -> Between:
    """Return the share of each estate's heads that no place serves: at best and at worst."""
    shares = []
    for serves in (pooled.uses.maybe, pooled.uses.sure):
        without = np.ones(len(pooled.estate), dtype=bool)
        without[pooled.uses.door[serves]] = False
        lost = added(pooled.estate[without], pooled.demand.low[without], pooled.size)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares.append(np.where(heads > 0, lost / heads, 0.0))
    return Between(*shares)


def _note(lacking: Lacking, pooled: Pool, heads: FloatArray) -> None:
    """Note what is unknown of the places and of the people."""
    spec = pooled.spec
    lacking.places(
        pooled.rows, [spec.supply, *columns_of(spec.where), *filter(None, [spec.shared])]
    )
    lacking.rows("units", counted(pooled.estate, pooled.size) == 0)
    lacking.people(np.isnan(heads))


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold what an estate is given against the rule, then the share of those without any."""
    spec = rule.measure
    assert isinstance(spec, Adequacy)  # noqa: S101 - guaranteed by the MEASURES registry
    verdict = by_threshold(rule, *bounds(fields, "value"), chosen(fields))
    if "without_low" not in fields:
        return verdict
    low, high = bounds(fields, "without")
    code = verdict.code.copy()
    code[(code == MET) & (high > spec.most_without)] = UNKNOWN
    too_many = (code == UNKNOWN) & (low > spec.most_without)
    code[too_many] = SHORT
    unknown = code == UNKNOWN
    return MemberVerdicts(
        code,
        np.where(unknown, np.nan, np.where(too_many, fields["value_low"], verdict.value)),
        np.where(unknown, np.nan, np.where(too_many, low, verdict.severity)),
    )
