"""
Estates as candidates of a batch: need, cost, what is known of them, and whether they may be taken.

Need is the households that binding gaps touch, summed over the gaps, as the ranking counts them;
nothing is weighed against safety, readiness or coverage, which stand beside it.
"""

from collections.abc import Hashable, Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from geo.arrays import FloatArray
from layers.district import District
from layers.findings import Outcome, Statement
from plan import Plan
from programme.eligibility import Verdict, gate_findings
from rules.grouping import counted, owners
from rules.model import Book
from rules.ranking import ranking


class Standing(StrEnum):
    """Whether an estate may be taken, and if not why."""

    OPEN = "open"
    EXCLUDED = "excluded"
    UNDECIDED = "undecided"
    NO_COST = "no_cost"
    NO_NEED = "no_need"


def candidates(
    findings: pd.DataFrame, district: District, book: Book, plan: Plan | None
) -> pd.DataFrame:
    """
    Return the estates of a district as candidates.

    Parameters
    ----------
    findings : pandas.DataFrame
        All findings of the district, joined with `safety`.
    district : District
        Whose estates they are.
    book : Book
        The rulebook: its order, and the coverage below which an estate is not decided
        (``scoring.min_coverage_to_rank``).
    plan : Plan or None
        Whose gates hold; None where there is none.

    Returns
    -------
    pandas.DataFrame
        Indexed by estate_id, in the order of the layer: ``name``, ``cost_yuan`` (Int64),
        ``need`` and ``safety_need`` [household-gaps], ``uncounted`` (gaps whose households are not
        known), ``gaps``, ``coverage`` (binding rules known of those that apply, NaN for none),
        ``failed_gates`` and ``unknown_gates`` (ids), ``standing``, ``rank`` and ``tier`` (of the
        ranking).
    """
    estates = district["estates"].set_index("estate_id")
    ranked = ranking(findings, list(estates.index), book)
    table = pd.DataFrame(
        {
            "name": estates["name"],
            "cost_yuan": estates["budget_yuan"].round().astype("Int64"),
            "need": ranked["household_gaps"],
            "safety_need": ranked["safety_household_gaps"],
            "uncounted": ranked["uncounted_gaps"],
            "gaps": ranked["gaps"],
            "rank": ranked["rank"],
            "tier": ranked["tier"],
            "coverage": coverage(findings, estates.index),
        }
    )
    gates: dict[str, dict[Verdict, list[str]]] = {key: {} for key in estates.index}
    for found in gate_findings(district, plan, book) if plan else ():
        if found.gate.hard:
            gates[found.estate_id].setdefault(found.verdict, []).append(found.gate.id)
    for name, verdict in (("failed_gates", Verdict.FAILED), ("unknown_gates", Verdict.UNKNOWN)):
        table[name] = [tuple(gates[key].get(verdict, ())) for key in estates.index]
    least = float(book.scoring["min_coverage_to_rank"])
    table["standing"] = [_standing(row, least) for row in table.to_dict("records")]
    return table


def coverage(findings: pd.DataFrame, ids: pd.Index) -> FloatArray:
    """Return the share of binding rules that apply and are known, NaN where none applies."""
    binding = findings["leads"] & findings["statement"].isin([Statement.GAP, Statement.MARGINAL])
    applies = binding & ~findings["outcome"].isin([Outcome.NOT_APPLICABLE, Outcome.WAIVED])
    known = applies & findings["outcome"].ne(Outcome.UNKNOWN)
    owner = owners(findings["estate_id"], ids)
    of, all_ = (counted(owner[mask.to_numpy()], len(ids)) for mask in (known, applies))
    share: FloatArray = np.full(len(ids), np.nan)
    np.divide(of, all_, out=share, where=all_ > 0)
    return share


def _standing(row: Mapping[Hashable, Any], least: float) -> Standing:
    """Return whether an estate may be taken; the first reason why not."""
    if row["failed_gates"]:
        return Standing.EXCLUDED
    if not row["coverage"] >= least:
        return Standing.UNDECIDED
    if pd.isna(row["cost_yuan"]):
        return Standing.NO_COST
    return Standing.OPEN if row["gaps"] else Standing.NO_NEED
