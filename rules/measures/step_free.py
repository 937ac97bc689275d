"""
Step-free: whether a way without steps leads from an open gate of the estate to each unit's door.

Stairs and walkways with steps or raised kerbs are no way; one of which nobody noted it may be. The
access legs between a door or a gate and its walkway are taken to be as the door and the gate are.
"""

from dataclasses import dataclass

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
    units, gates = (rows.keep(rows.estate >= 0) for rows in (units, gates))
    unseen = lacking.unsurveyed("units") | lacking.unsurveyed("entrances") | lacking.walkways()
    lacking.rows("units", counted(units.estate, context.size) == 0)
    without_gate = counted(gates.estate, context.size) == 0
    lacking.rows("entrances", without_gate)
    reached = Truth.flags(units.column(_FLAG))
    if unseen.any():
        reached &= Truth.unknown(len(units))
    else:
        reached &= _way(context, units, gates) | Truth(
            np.zeros(len(units), dtype=bool), ~without_gate[units.estate]
        )
    for rows in (units, gates):
        lacking.columns(rows, (_FLAG,), np.ones(len(rows), dtype=bool))
    lacking.places(ways, (_FLAG,))
    return Measured(
        fields=pd.DataFrame({"reached": reached.as_flags()}),
        estate=units.estate,
        empty=all_unknown(context.size),
        lacking=lacking,
        households=units.numbers("households"),
        members=units,
    )


def _way(context: EvaluationContext, units: Rows, gates: Rows) -> Truth:
    """Return whether a way along walkways leads from a gate of the estate to each unit."""
    network, ways = context.district.network, context.rows("walkways")
    no_steps = Truth.flags(ways.column(_FLAG)) & ~Truth.known(ways.has_code("kind", "stairs"))
    usable = Truth.flags(gates.column(_FLAG)) & ~Truth.known(gates.has_code("state", "closed"))
    starts, ends = (_Ends(r.estate, network.snap(r.points).edge) for r in (gates, units))
    sure = _joined(network, starts.keep(usable.yes), ends, no_steps.yes)
    perhaps = _joined(network, starts.keep(usable.maybe), ends, no_steps.maybe)
    return Truth(sure, ~perhaps)


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Where ways begin or end: the estate of each, and the edge of its nearest walkway."""

    estate: IntArray
    edge: IntArray

    def keep(self, mask: BoolArray) -> "_Ends":
        return _Ends(self.estate[mask], self.edge[mask])


def _joined(network: WalkNetwork, starts: _Ends, ends: _Ends, open_ways: BoolArray) -> BoolArray:
    """Return the ends that open ways join to one of the starts of their own estate."""
    edges = open_ways[network.rows]
    nodes = network.edges[edges]
    size = len(network.nodes)
    graph = csr_array((np.ones(len(nodes)), (nodes[:, 0], nodes[:, 1])), shape=(size, size))
    part = connected_components(graph, directed=False)[1]
    # An end on a walkway with steps is in no part.
    begun, ended = (
        np.where(edges[one.edge], part[network.edges[one.edge, 0]], -1) for one in (starts, ends)
    )
    entered = set(zip(starts.estate.tolist(), begun.tolist(), strict=True))
    asked = zip(ends.estate.tolist(), ended.tolist(), strict=True)
    return np.array([there >= 0 and (estate, there) in entered for estate, there in asked], bool)


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:  # noqa: ARG001 - as every way is asked
    """Judge every unit: reached or not."""
    return by_conditions([Truth.flags(fields["reached"])], None, SHORT)
