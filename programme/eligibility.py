"""
Eligibility: what the plan's gates (section 三(一)) say of every estate, from the data.

A hard gate that fails excludes; one of which nobody knows is named with who must answer, and
excludes nobody: unknown is never failed.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from layers.district import District
from plan import Plan
from plan.facts import Gate
from rules.model import Book


class Verdict(StrEnum):
    """What a gate says of an estate."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GateFinding:
    """
    What one gate says of one estate.

    Attributes
    ----------
    estate_id : str
        The estate.
    gate : Gate
        Of the plan.
    verdict : Verdict
        What it says.
    supplier : str
        Id of the body that must answer where it is unknown, "" where it is known.
    """

    estate_id: str
    gate: Gate
    verdict: Verdict
    supplier: str = ""


def gate_findings(district: District, plan: Plan, book: Book) -> Iterator[GateFinding]:
    """Yield what every gate says of every estate, estate by estate in the order of the layer."""
    for row in district["estates"].drop(columns="geometry").to_dict("records"):
        for gate in plan.gates:
            verdict = _verdict(gate, row, book)
            supplier = (
                book.supply["estates"].holder(gate.field) if verdict == Verdict.UNKNOWN else ""
            )
            yield GateFinding(str(row["estate_id"]), gate, verdict, supplier)


def _verdict(gate: Gate, row: Mapping[Hashable, Any], book: Book) -> Verdict:
    value = row.get(gate.field)
    if value is None or pd.isna(value):
        return Verdict.UNKNOWN
    if gate.field == "built_year":
        passes = int(value) <= book.programme.focus_until
    elif gate.hard:
        passes = not value  # each hard gate asks that something is not so
    else:
        return Verdict.MET  # the plan sets no share of the willing: the figure is shown
    return Verdict.MET if passes else Verdict.FAILED
