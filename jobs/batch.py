"""`litong batch`: which estates are renovated under the year's money, and why the rest is not."""

import json
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from rich.table import Table

from exports.json_table import records
from jobs.opening import store_at
from jobs.printing import console, plain, show
from programme.batch import Batch
from programme.estates import Standing
from rules.ranking import rank_text
from services.assessment import Workspace, assess
from services.batches import DistrictBatch, district_batch
from store.atomic import replacing, require_writable
from wording import Language, listing, say

OUT_SUFFIXES = (".json",)
_TEN_THOUSAND = 10_000


def choose_batch(  # noqa: PLR0913 - each is an option of the command
    path: Path,
    budgets: Sequence[int],
    as_of: date,
    outs: Sequence[Path],
    *,
    must: Sequence[str],
    never: Sequence[str],
    language: Language,
) -> bool:
    """
    Choose estates, print and write them; return whether all that must be taken are.

    Raises
    ------
    PlanningError
        If the district, an estate named or a target cannot be used.
    """
    for out in outs:
        require_writable(out)
    assessment = assess(Workspace.opened(store_at(path, language)), as_of)
    found = district_batch(assessment, budgets, must=must, never=never)
    if found.blocking:
        names = listing([str(found.table.loc[key, "name"]) for key in found.blocking], language)
        show("batch.infeasible", language, names=names)
    else:
        _print(found, never, language)
    for out in outs:
        with replacing(out) as scratch:
            document = batch_document(found, as_of)
            scratch.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
        show("terminal.wrote", language, path=out)
    return not found.blocking


def batch_document(found: DistrictBatch, as_of: date) -> dict[str, Any]:
    """Return a batch as plain JSON values; money in yuan, need in household-gaps."""
    rows = records(found.table.reset_index())
    return {
        "as_of": as_of.isoformat(),
        "budgets_yuan": list(found.budgets),
        "status": str(found.batch.status),
        "chosen": [row for row in rows if row["year"]],
        "left_out": [row for row in rows if not row["year"]],
        "blocking": list(found.blocking),
        **_totals(found.batch),
        "walked_down": _totals(found.walked),
        "need_of_one_more_million": found.more_need,
    }


def _totals(batch: Batch) -> dict[str, Any]:
    return {
        "need_met": batch.need,
        "value": batch.value,
        "bound": batch.bound,
        "gap": batch.gap,
        "spent_yuan": list(batch.spent),
    }


def _print(found: DistrictBatch, never: Sequence[str], language: Language) -> None:
    """Print who is taken in which year, why the others are not, and the sums."""
    table = Table(title=say("batch.title", language))
    for heading in ("ranking.rank", "check.estate", "batch.cost", "batch.need", "batch.year"):
        side: Literal["left", "right"] = "left" if heading == "check.estate" else "right"
        table.add_column(say(heading, language), justify=side)
    table.add_column(say("batch.why_not", language), overflow="fold")
    order = np.lexsort((found.table["rank"].fillna(np.inf), found.table["year"].eq(0)))
    for key, row in found.table.iloc[order].iterrows():
        year = say("batch.year_n", language, n=row["year"]) if row["year"] else "—"
        cost = "—" if pd.isna(row["cost_yuan"]) else f"{row['cost_yuan'] / _TEN_THOUSAND:,.2f}"
        why = "" if row["year"] else _why(str(key), row.to_dict(), never, language)
        rank = rank_text(row["rank"], language, is_tied=False)
        table.add_row(rank, plain(row["name"]), cost, f"{row['need']:,.0f}", year, why)
    console().print(table)
    batch, left = found.batch, sum(found.budgets) - sum(found.batch.spent)
    show(
        "batch.sum",
        language,
        need=batch.need,
        bound=batch.bound,
        spent=sum(batch.spent) / _TEN_THOUSAND,
        left=left / _TEN_THOUSAND,
        walked=found.walked.need,
    )
    show("batch.more", language, need=found.more_need)
    taken = found.table[found.table["year"] > 0]
    unknown = sorted({gate for gates in taken["unknown_gates"] for gate in gates})
    if unknown:
        show("batch.unknown_gates", language, gates=listing(unknown, language))


def _why(key: str, row: Mapping[Hashable, Any], never: Sequence[str], language: Language) -> str:
    """Return why an estate is not taken."""
    if key in never or row["name"] in never:
        return say("batch.never", language)
    if row["standing"] != Standing.OPEN:
        gates, share = listing(row["failed_gates"], language), np.nan_to_num(row["coverage"])
        return say(f"batch.{row['standing']}", language, gates=gates, share=share)
    short, loss = row["short_yuan"] / _TEN_THOUSAND, row["loss"]
    if np.isnan(loss):
        return ""
    if np.isinf(loss):
        entry = "over_only"
    elif short > 0:
        entry = "over"
    else:
        entry = "swap" if loss else "equal"
    return say(f"batch.{entry}", language, short=short, loss=loss)
