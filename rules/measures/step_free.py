"""
Step-free: whether a way without steps leads from an open gate of the estate to each unit's door.

Stairs and walkways with steps or raised kerbs are no way; one of which nobody noted it may be. The
access legs between a door or a gate and its walkway are taken to be as the door and the gate are.
"""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.arrays import BoolArray, IntArray
from geo.network import WalkNetwork
from rules.context import EvaluationContext
from rules.grammar import StepFree
from rules.grouping import counted
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown
from rules.model import Book, Rule
from rules.reads import Reads, rows_read
from rules.rows import Rows
from rules.truth import Truth
from rules.verdict import SHORT, MemberVerdicts, by_conditions

_FLAG = "is_step_free"


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what step-free ways depend on."""
    assert isinstance(rule.measure, StepFree)  # noqa: S101 - guaranteed by the MEASURES registry
    return (
        rows_read("units", (), (_FLAG, "households"))
        | rows_read("entrances", (), (_FLAG, "state"))
        | rows_read("walkways", (), (_FLAG, "kind"))
    )


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Ask of every unit door whether a step-free way leads to it."""
    assert isinstance(rule.measure, StepFree)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    units, gates, ways = (context.rows(name) for name in ("units", "entrances", "walkways"))
    unseen = [lacking.unsurveyed("units"), lacking.unsurveyed("entrances"), lacking.walkways()]
    lacking.rows("units", counted(units.estate, context.size) == 0)
    without_gate = counted(gates.estate, context.size) == 0
    lacking.rows("entrances", without_gate)
    reached = Truth.flags(units.column(_FLAG))
    if any(unseen):
        reached &= Truth.unknown(len(units))
    else:
        reached &= _way(context, units, gates) | Truth(
            np.zeros(len(units), dtype=bool), ~without_gate[units.estate]
        )
    for rows in (units, gates):
        lacking.columns(rows, (_FLAG,), np.ones(len(rows), dtype=bool))
    lacking.places(ways, (_FLAG,))
    return Measured(
        fields=pd.DataFrame({"reached": pd.Series(_flags(reached), dtype="boolean")}),
        estate=units.estate,
        empty=all_unknown(context.size),
        lacking=lacking,
        households=units.numbers("households"),
        members=units,
    )


def _flags(truth: Truth) -> list[bool | None]:
    known = zip(truth.yes.tolist(), truth.no.tolist(), strict=True)
    return [yes if yes or no else None for yes, no in known]


def _way(context: EvaluationContext, units: Rows, gates: Rows) -> Truth:
    """Return whether a way along walkways leads from a gate of the estate to each unit."""
    network, ways = context.district.network, context.rows("walkways")
    no_steps = Truth.flags(ways.column(_FLAG)) & ~Truth.known(_is(ways, "kind", "stairs"))
    usable = Truth.flags(gates.column(_FLAG)) & ~Truth.known(_is(gates, "state", "closed"))
    sure = _joined(network, units, gates.keep(usable.yes), no_steps.yes)
    perhaps = _joined(network, units, gates.keep(usable.maybe), no_steps.maybe)
    return Truth(sure, ~perhaps)


def _is(rows: Rows, column: str, code: str) -> BoolArray:
    return (rows.frame[column] == code).to_numpy(dtype=bool, na_value=False)


def _joined(network: WalkNetwork, units: Rows, gates: Rows, open_ways: BoolArray) -> BoolArray:
    """Return the units that open ways join to one of the gates of their own estate."""
    edges = open_ways[network.rows]
    part = _parts(network, edges)
    if not len(gates) or not len(units):
        return np.zeros(len(units), dtype=bool)
    starts, ends = (_part_of(network, rows, edges, part) for rows in (gates, units))
    entered = set(zip(gates.estate.tolist(), starts.tolist(), strict=True))
    asked = zip(units.estate.tolist(), ends.tolist(), strict=True)
    return np.array([end >= 0 and (estate, end) in entered for estate, end in asked])


def _parts(network: WalkNetwork, edges: BoolArray) -> IntArray:
    """Return the connected part of every node when only some edges are open."""
    size = len(network.nodes)
    start, end = network.edges[edges].T
    graph = csr_array((np.ones(len(start)), (start, end)), shape=(size, size))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _part_of(network: WalkNetwork, rows: Rows, edges: BoolArray, part: IntArray) -> IntArray:
    """Return the part that each row's nearest walkway belongs to, -1 where that is not open."""
    edge = network.snap(rows.points).edge
    return np.where(edges[edge], part[network.edges[edge, 0]], -1)


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:  # noqa: ARG001 - as every way is asked
    """Judge every unit: reached or not."""
    return by_conditions([Truth.flags(fields["reached"])], None, SHORT)
