"""Batches of a district: which estates are renovated in which year, under the money, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geo.errors import DataError
from programme import Batch, BatchProblem, Out, choose, walk_down
from programme.batch import Status, left_out
from programme.estates import Standing, candidates
from rules.ranking import in_order
from services.assessment import Assessment

_MILLION = 1_000_000
_MOST_TOLD = (
    50  # estates left out, the first of the ranking, of which is told what taking one costs
)


@dataclass(frozen=True, eq=False)
class DistrictBatch:
    """
    The best batches of a district, beside what walking down the ranking would choose.

    Attributes
    ----------
    table : pandas.DataFrame
        As `programme.estates.candidates`, every estate, with ``year`` (from 1, 0 where it is not
        taken), ``short_yuan`` and ``loss`` (as in `Out`; NaN where another reason keeps it out).
    budgets : tuple of int
        Yuan of each year.
    batch, walked : Batch
        The best, and the list's.
    more_need : float
        Need that one more million yuan in the first year would meet.
    blocking : tuple of str
        Estates that must be taken and cannot all be; () if they can.
    """

    table: pd.DataFrame
    budgets: tuple[int, ...]
    batch: Batch
    walked: Batch
    more_need: float
    blocking: tuple[str, ...]


def district_batch(
    assessment: Assessment,
    budgets: Sequence[int],
    *,
    must: Sequence[str] = (),
    never: Sequence[str] = (),
) -> DistrictBatch:
    """
    Choose estates.

    Parameters
    ----------
    assessment : Assessment
        The findings of a day.
    budgets : sequence of int
        Yuan of each year.
    must, never : sequence of str
        Ids or names of estates that are taken whatever, and that are not.

    Raises
    ------
    DataError
        If there is no such estate, one both must and must not be taken, or one that must fails a
        hard gate or has no cost.
    """
    place = assessment.workspace
    findings = assessment.joined("safety")
    table = candidates(findings, place.district, place.book, place.plan)
    wanted, unwanted = (_positions(table, names) for names in (must, never))
    _require_possible(table, wanted)
    barred = np.flatnonzero(~table["standing"].isin([Standing.OPEN])).tolist()
    problem = BatchProblem(
        table["cost_yuan"].fillna(0).to_numpy(dtype=np.int64),
        table["need"].to_numpy(dtype=np.float64),
        tuple(budgets),
        must=wanted,
        never={*unwanted, *(set(barred) - wanted)},
    )
    batch = choose(problem)
    order = in_order(table).tolist()
    known = batch.status != Status.INFEASIBLE
    first = [work for work in order if batch.years[work] < 0 and work not in problem.never]
    outs = left_out(problem, batch, first[:_MOST_TOLD]) if known else []
    richer = replace(problem, budgets=(budgets[0] + _MILLION, *budgets[1:]))
    return DistrictBatch(
        _told(table, batch, outs),
        tuple(budgets),
        batch,
        walk_down(problem, order),
        choose(richer).need - batch.need if known else 0.0,
        tuple(str(table.index[work]) for work in batch.blocking),
    )


def _positions(table: pd.DataFrame, names: Sequence[str]) -> set[int]:
    """Return the positions of estates by id or name."""
    found = set()
    for name in names:
        at = np.flatnonzero((table.index == name) | (table["name"] == name))
        if len(at) != 1:
            raise DataError(
                f"{name!r}: {len(at)} estates of this id or name, expected one",
                f"{name!r}：有 {len(at)} 个小区用此编号或名称，应为 1 个",
            )
        found.add(int(at[0]))
    return found


def _require_possible(table: pd.DataFrame, wanted: set[int]) -> None:
    """Raise DataError if an estate that must be taken fails a hard gate or has no cost."""
    for work in sorted(wanted):
        row = table.iloc[work]
        if row["failed_gates"]:
            gates = "、".join(row["failed_gates"])
            raise DataError(
                f"{row['name']} fails the gate {gates} of the plan and cannot be taken",
                f"{row['name']} 不符合方案 {gates}，不能列入",
            )
        if pd.isna(row["cost_yuan"]):
            raise DataError(
                f"{row['name']} has no estimated cost and cannot be reckoned with",
                f"{row['name']} 没有估算投资，无法计入",
            )


def _told(table: pd.DataFrame, batch: Batch, outs: Sequence[Out]) -> pd.DataFrame:
    """Return the candidates with the year of each, and what keeps the others out."""
    short, loss = (np.full(len(table), np.nan) for _ in range(2))
    for out in outs:
        short[out.work], loss[out.work] = out.short_yuan, out.loss
    return table.assign(year=batch.years + 1, short_yuan=short, loss=loss)
