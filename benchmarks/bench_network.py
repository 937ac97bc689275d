"""
Nearest facility of every node, 20 kinds, against pandana where it is installed.

Both answer the same question on the same invented street grid: facilities stand on nodes, because
pandana knows no place between them. Streets are whole decimetres long, so pandana's whole
millimetres lose nothing and the answers must be equal. The two take turns, kind by kind, in one
process; CPU time of all threads is counted. Run: see README.md beside this file.
"""

import argparse
import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.arrays import FloatArray, ObjectArray
from geo.catchment import walking_distance
from geo.network import WalkNetwork

Result = TypeVar("Result")

GRID = CRS.from_epsg(4544)
KINDS = 20
OURS, PANDANA = "ours, the kinds", "pandana, the kinds"
LIMITS_M = (1_000.05, 4_000.05)  # between two decimetres, so that no walk ends on it


class Rival(Protocol):
    """What is used of pandana's network."""

    def set_pois(
        self, category: str, maxdist: float, maxitems: int, x_col: pd.Series, y_col: pd.Series
    ) -> None:
        """Place facilities on their nearest nodes."""

    def nearest_pois(
        self, distance: float, category: str, num_pois: int, max_distance: float
    ) -> pd.DataFrame:
        """Return the distance from every node to its nearest facility in column 1."""


@dataclass
class Clock:
    """CPU seconds by what was done."""

    spent: dict[str, float] = field(default_factory=dict)

    def run(self, what: str, work: Callable[[], Result]) -> Result:
        """Do `work`, add its CPU time to `what`, return its result."""
        begin = time.process_time()
        result = work()
        self.spent[what] = self.spent.get(what, 0.0) + time.process_time() - begin
        return result


def street_grid(nodes: int, rng: np.random.Generator) -> ObjectArray:
    """
    Return a town of uneven rectangular blocks, a third of the street lengths missing.

    That leaves about 1.3 edges a node, as in the walkways of real cities.
    """
    side = round((nodes / 0.988) ** 0.5)
    east, north = (np.cumsum(rng.integers(300, 900, side)) / 10 for _ in range(2))
    xy = np.stack(np.meshgrid(east, north, indexing="ij"), axis=-1)
    across = np.stack([xy[:-1], xy[1:]], axis=2).reshape(-1, 2, 2)
    along = np.stack([xy[:, :-1], xy[:, 1:]], axis=2).reshape(-1, 2, 2)
    streets = np.concatenate([across, along])
    kept = streets[rng.random(len(streets)) > 1 / 3]
    return np.asarray(shapely.linestrings(kept), dtype=object)


def pandana_network(network: WalkNetwork) -> Rival:
    """Return pandana's own network, contraction hierarchy included."""
    import pandana  # noqa: PLC0415 - never a dependency of the project

    ends = pd.DataFrame(network.edges, columns=["from", "to"])
    return pandana.Network(
        pd.Series(network.nodes[:, 0]),
        pd.Series(network.nodes[:, 1]),
        ends["from"],
        ends["to"],
        pd.DataFrame({"metres": np.round(network.lengths, 1) + 1e-4}),  # it cuts off below 1 mm
    )


def pandana_distance(theirs: Rival, kind: str, places: FloatArray, limit_m: float) -> FloatArray:
    """Return pandana's distance from every node, inf beyond the limit."""
    theirs.set_pois(kind, limit_m, 1, pd.Series(places[:, 0]), pd.Series(places[:, 1]))
    found = theirs.nearest_pois(limit_m, kind, num_pois=1, max_distance=-1)
    distance = found[1].to_numpy(dtype=np.float64)
    return np.where(distance < 0, np.inf, distance)


def compare(nodes: int, limit_m: float, *, rival: bool) -> tuple[dict[str, float], float]:
    """Return CPU seconds of both, kind by kind in turn, and the share of walks within the limit."""
    rng = np.random.default_rng(2023)
    lines, clock, answered = street_grid(nodes, rng), Clock(), 0.0
    network = clock.run("ours, preparation", lambda: WalkNetwork.from_walkways(lines, GRID))
    origins = clock.run("ours, snapping the nodes", lambda: network.snap(network.nodes))
    theirs = clock.run("pandana, preparation", lambda: pandana_network(network)) if rival else None
    for kind in range(KINDS):
        places = network.nodes[rng.choice(len(network.nodes), 10 + 10 * kind, replace=False)]
        mine = partial(walking_distance, network, origins, places, limit_m)
        ours = clock.run(OURS, mine).distance
        answered += np.isfinite(ours).mean() / KINDS
        if theirs is not None:
            other = partial(pandana_distance, theirs, str(kind), places, limit_m)
            np.testing.assert_allclose(clock.run(PANDANA, other), ours, rtol=0, atol=0.001)
    return clock.spent, answered


def report(spent: dict[str, float]) -> None:
    """Print the CPU seconds and how many times more of them pandana took."""
    for what, seconds in spent.items():
        print(f"  {what:<28}{seconds:10.3f}")
    if PANDANA in spent:
        ours = sum(seconds for what, seconds in spent.items() if what.startswith("ours"))
        theirs = sum(seconds for what, seconds in spent.items() if what.startswith("pandana"))
        kinds = spent[PANDANA] / spent[OURS]
        print(f"  pandana / ours: {kinds:.0f} x for the kinds, {theirs / ours:.0f} x in total")


def main() -> None:
    """Print one table a network size and limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="*", default=[30_000, 100_000])
    rival = importlib.util.find_spec("pandana") is not None
    for nodes in parser.parse_args().nodes:
        for limit_m in LIMITS_M:
            spent, answered = compare(nodes, limit_m, rival=rival)
            print(
                f"\n{nodes:,} nodes, {KINDS} kinds, limit {limit_m:,.0f} m, "
                f"{answered:.0%} of the walks within it: CPU seconds"
            )
            report(spent)


if __name__ == "__main__":
    main()
