"""
Siting of 3,000 demands and 300 candidates: CPU time beside spopt's model, with the same HiGHS.

Both get the same table of walks and prove the same optimum in the same process, HiGHS on one
thread; spopt reaches it through PuLP. Without spopt (`pip install "litong-gap-map[benchmark]"`)
only our own times are printed.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np

from siting import SitingProblem, solve

try:
    import pulp
    from spopt.locate import LSCP, MCLP
except ImportError:
    MCLP = None


def main() -> None:
    """Print a table: objective, optimum, CPU seconds of both, their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demands", type=int, default=3000)
    parser.add_argument("--candidates", type=int, default=300)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    costs, weights = town(options.demands, options.candidates)
    print(f"{'problem':<28}{'optimum':>10}{'ours [s]':>10}{'spopt [s]':>11}{'ratio':>8}")
    for new, limit in ((5, 500.0), (10, 500.0), (20, 500.0), (20, 300.0)):
        problem = SitingProblem(costs, weights, new=new, limit=limit)
        print_row(f"cover, {new} within {limit:.0f} m", problem, options.repeat)
    least = float(costs.min(axis=1).max())
    problem = SitingProblem(costs, weights, limit=least, objective="fewest")
    print_row(f"fewest within {least:.0f} m", problem, options.repeat)


def town(demands: int, candidates: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Return walks [m] along the streets of a grid of 4 km, and households at doors.

    Doors are those of buildings, four each, which are entered from the street at one point.
    """
    random = np.random.default_rng(20261129)
    buildings = random.uniform(0, 4000, (-(-demands // 4), 2))
    doors = np.repeat(buildings, 4, axis=0)[:demands]
    sites = random.uniform(0, 4000, (candidates, 2))
    walks = np.abs(doors[:, None] - sites[None]).sum(axis=2)
    along = np.tile([0.0, 15.0, 30.0, 45.0], len(buildings))[:demands]
    return np.rint(walks + along[:, None]), random.integers(4, 25, demands).astype(float)


def print_row(name: str, problem: SitingProblem, repeat: int) -> None:
    """Print one problem: the same optimum, and who needed how much CPU."""
    ours, found = least_cpu(lambda: solve(problem).objective, repeat)
    if MCLP is None:
        print(f"{name:<28}{found:>10.0f}{ours:>10.3f}")
        return
    theirs, optimum = least_cpu(lambda: rival(problem), 1)
    assert found == round(optimum), (found, optimum)
    print(f"{name:<28}{found:>10.0f}{ours:>10.3f}{theirs:>11.2f}{theirs / ours:>8.0f}")


def least_cpu(work: Callable[[], float], repeat: int) -> tuple[float, float]:
    """Return the least CPU seconds of some runs, and the answer."""
    taken = []
    for _ in range(repeat):
        begin = time.process_time()
        answer = work()
        taken.append(time.process_time() - begin)
    return min(taken), answer


def rival(problem: SitingProblem) -> float:
    """Return spopt's optimum: its model as documented, solved by HiGHS through PuLP."""
    if problem.objective == "cover":
        model = MCLP.from_cost_matrix(
            problem.costs, problem.weights, service_radius=problem.limit, p_facilities=problem.new
        )
    else:
        model = LSCP.from_cost_matrix(problem.costs, service_radius=problem.limit)
    solver = pulp.HiGHS(msg=False, threads=1, gapRel=0.0)
    return float(pulp.value(model.solve(solver).problem.objective))


if __name__ == "__main__":
    main()
