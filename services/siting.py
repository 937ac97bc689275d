"""
Siting of a district: where the next facilities of a kind should stand, for whom, and why not more.

Walks, limits and conditions are those of the rule by which findings judge the kind: a door that an
answer covers is met by that rule once the facility is built (`scenario_of`, `services.what_if`).
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from edits import apply
from edits.moves import Origin, edit_of
from edits.scenario import Scenario, Step
from edits.scenario_text import MOST_STEPS
from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.errors import DataError
from geo.runs import least_of_groups
from layers.facilities import KINDS
from rules import walking
from rules.context import EvaluationContext
from rules.evaluate import Progress
from services.assessment import Assessment
from services.remedies import free_key
from siting import Reason, Siting, solve
from siting.candidates import AMOUNTS, Candidates, candidates
from siting.demand import Demand, demand_of
from siting.posing import Posed, Wish, pose
from siting.standard import FACILITIES, Standard, standard_of
from wording import Language, say


@dataclass(frozen=True, slots=True, eq=False)
class DistrictSiting:
    """
    The answer to a wish.

    Attributes
    ----------
    assessment : Assessment
        What it was asked of.
    wish : Wish
        What was asked.
    standard : Standard
        By what walks are judged.
    solved : Siting
        The answer of the solver: its bound, gap and status, why there is none.
    sites : geopandas.GeoDataFrame
        Every candidate: as `Candidates.sites`, with `is_chosen`, and the `estates`, `doors`,
        `households` and `longest_m` that a chosen one newly covers.
    served : geopandas.GeoDataFrame
        An estate and a chosen site each: `estate_id`, `estate`, `candidate_id`, `doors`,
        `households` newly covered, `longest_m`, and the longest walk as geometry.
    left : pandas.DataFrame
        An estate and a reason each of doors that stay uncovered: `estate_id`, `estate`, `doors`,
        `households`, `reason` (``cut_off``, ``no_candidate``, ``never``, ``not_chosen``, ``full``),
        `candidate_id` and `walk_m` of the nearest candidate, missing and inf for none.
    left_out : pandas.DataFrame
        As `Candidates.left_out`.
    households, before, after : float
        Behind all doors that are connected, covered today, and with the answer.
    unknown_doors : int
        Doors of which nobody knows the households; they count 0.
    """

    assessment: Assessment
    wish: Wish
    standard: Standard
    solved: Siting
    sites: gpd.GeoDataFrame
    served: gpd.GeoDataFrame
    left: pd.DataFrame
    left_out: pd.DataFrame
    households: float
    before: float
    after: float
    unknown_doors: int

    @property
    def has_answer(self) -> bool:
        """Whether places were chosen, or none are needed."""
        return self.solved.has_answer

    @property
    def objective(self) -> float:
        """Value of the answer: of ``cover`` the weight covered, today's included; NaN for none."""
        return self.solved.objective + self._covered_today

    @property
    def bound(self) -> float:
        """No answer is better than this."""
        return self.solved.bound + self._covered_today

    @property
    def _covered_today(self) -> float:
        """What the problem leaves out because it is covered already (`siting.posing`)."""
        is_left_out = self.wish.objective == "cover" and not self.wish.has_capacity
        return self.before if is_left_out else 0.0

    @property
    def chosen(self) -> gpd.GeoDataFrame:
        """The sites chosen."""
        return self.sites[self.sites["is_chosen"]]

    @property
    def is_unsurveyed(self) -> bool:
        """Whether nobody surveyed the facilities of the kind that there are."""
        context = self.assessment.evaluation.context
        return bool(context.unsurveyed(FACILITIES, self.standard.places.kinds))


@dataclass(frozen=True, slots=True, eq=False)
class _Coverage:
    """Of d doors: whether each is covered, newly, by which candidate (-1) on what walk [m]."""

    is_covered: BoolArray
    site: IntArray
    walk_m: FloatArray


def site(
    assessment: Assessment,
    wish: Wish,
    *,
    seconds: float | None = None,
    progress: Progress = lambda _share, _title: None,
) -> DistrictSiting:
    """
    Return where new facilities should stand.

    Parameters
    ----------
    assessment : Assessment
        The district on a day.
    wish : Wish
        What is wanted.
    seconds : float, optional
        As for `siting.solve`.
    progress : callable, optional
        Told the share done, 0 to 1.

    Raises
    ------
    DataError
        If the wish or the district lacks what siting needs.
    """
    place, context = assessment.workspace, assessment.evaluation.context
    standard = standard_of(place.book, wish.kind, assessment.as_of, wish.limit_m)
    demand = demand_of(context, standard)
    progress(0.1, "")
    sites = candidates(
        context,
        standard,
        around=context.doors.points[demand.doors[~demand.is_covered]],
        spacing_m=wish.spacing_m,
        price_yuan=wish.price_yuan,
    )
    progress(0.2, "")
    posed = pose(context, standard, demand, sites, wish)
    progress(0.5, "")
    solved = solve(posed.problem, seconds=seconds)
    progress(0.9, "")
    covered = _coverage(demand, posed, solved, len(sites.sites))
    newly = covered.site >= 0
    return DistrictSiting(
        assessment,
        wish,
        standard,
        solved,
        _sites(sites, demand, solved, covered),
        _served(context, demand, sites, covered),
        _left(context, demand, sites, posed, solved, covered),
        sites.left_out,
        households=float(demand.households.sum()),
        before=float(demand.households[covered.is_covered & ~newly].sum()),
        after=float(demand.households[covered.is_covered].sum()),
        unknown_doors=demand.unknown,
    )


def _coverage(demand: Demand, posed: Posed, solved: Siting, size: int) -> _Coverage:
    """Return who is covered: by what there is, else by the nearest or assigned chosen site."""
    walk, place = np.full(len(demand.doors), np.inf), np.full(len(demand.doors), -1)
    near = posed.near
    if posed.problem.is_capacitated and solved.has_answer:
        is_site = (solved.assignment >= 0) & (solved.assignment < size)
        place[is_site] = solved.assignment[is_site]
        walk[is_site] = posed.problem.walk_to(solved.assignment)[is_site]
        return _Coverage(solved.assignment >= 0, place, walk)
    mine = np.flatnonzero(np.isin(near.facility, solved.chosen))
    best = mine[least_of_groups(near.origin[mine], near.distance[mine], near.facility[mine])]
    place[near.origin[best]], walk[near.origin[best]] = near.facility[best], near.distance[best]
    there = demand.is_covered
    return _Coverage(there | (place >= 0), np.where(there, -1, place), walk)


def _sites(
    sites: Candidates, demand: Demand, solved: Siting, covered: _Coverage
) -> gpd.GeoDataFrame:
    """Return the candidates with whom the chosen ones newly cover."""
    doors = pd.DataFrame(
        {
            "site": covered.site,
            "estate": demand.estate,
            "households": demand.households,
            "walk": covered.walk_m,
        }
    )
    by_site = doors[covered.site >= 0].groupby("site")
    sums = by_site.agg(
        estates=("estate", "nunique"),
        doors=("estate", "size"),
        households=("households", "sum"),
        longest_m=("walk", "max"),
    ).reindex(range(len(sites.sites)))
    counts = {name: sums[name].fillna(0).astype(np.int64) for name in ("estates", "doors")}
    return sites.sites.assign(
        is_chosen=np.isin(np.arange(len(sites.sites)), solved.chosen),
        **counts,
        households=sums["households"].fillna(0.0),
        longest_m=sums["longest_m"],
    )


def _served(
    context: EvaluationContext, demand: Demand, sites: Candidates, covered: _Coverage
) -> gpd.GeoDataFrame:
    """Return whom each chosen site covers, estate by estate, with the longest walk."""
    newly = np.flatnonzero(covered.site >= 0)
    pair = covered.site[newly] * context.size + demand.estate[newly]
    worst = newly[least_of_groups(pair, -covered.walk_m[newly])]
    table = pd.DataFrame({"pair": pair, "households": demand.households[newly]})
    sums = table.groupby("pair")["households"].agg(["size", "sum"])
    estates = context.district["estates"].iloc[demand.estate[worst]]
    lines: ObjectArray = np.full(len(worst), None, dtype=object)
    for number in np.unique(covered.site[worst]).tolist():
        mine = covered.site[worst] == number
        entered = sites.access.take(np.array([number]))
        lines[mine] = walking.walks_to(
            context,
            demand.doors[worst[mine]],
            entered,
            float(covered.walk_m[worst[mine]].max()) + 1,
        )
    return gpd.GeoDataFrame(
        {
            "estate_id": estates["estate_id"].to_numpy(),
            "estate": estates["name"].to_numpy(),
            "candidate_id": sites.sites["candidate_id"].to_numpy()[covered.site[worst]],
            "doors": sums["size"].to_numpy(),
            "households": sums["sum"].to_numpy(),
            "longest_m": covered.walk_m[worst],
        },
        geometry=lines,
        crs=context.district.crs,
    )


def _left(
    context: EvaluationContext,
    demand: Demand,
    sites: Candidates,
    posed: Posed,
    solved: Siting,
    covered: _Coverage,
) -> pd.DataFrame:
    """Return why doors stay uncovered, by estate and reason, with the nearest candidate."""
    reason = _reasons(posed, solved, covered, len(sites.sites))
    nearest = walking.nearest_of(context, sites.access)
    doors = np.append(demand.doors, demand.cut_off)
    why = np.append(reason, np.full(len(demand.cut_off), "cut_off", dtype=object))
    if not solved.chosen.size and solved.status == "infeasible":
        why[(why == "not_chosen") | (why == "full")] = ""
    table = pd.DataFrame(
        {
            "place": context.doors.estate[doors],
            "households": context.doors.households[doors],
            "reason": why,
            "site": nearest.witness[doors],
            "walk_m": nearest.distance[doors],
        }
    )
    table = table[table["reason"] != ""].sort_values(["place", "reason", "walk_m"])
    sums = (
        table.groupby(["place", "reason"])
        .agg(
            doors=("site", "size"),
            households=("households", "sum"),
            site=("site", "first"),
            walk_m=("walk_m", "first"),
        )
        .reset_index()
    )
    estates = context.district["estates"].iloc[sums["place"].to_numpy()]
    keys = np.array([*sites.sites["candidate_id"], None], dtype=object)
    return pd.DataFrame(
        {
            "estate_id": estates["estate_id"].to_numpy(),
            "estate": estates["name"].to_numpy(),
            **{name: sums[name] for name in ("doors", "households", "reason")},
            "candidate_id": keys[sums["site"].to_numpy(dtype=np.int64)],
            "walk_m": sums["walk_m"],
        }
    )


def _reasons(posed: Posed, solved: Siting, covered: _Coverage, size: int) -> ObjectArray:
    """Return why each door is not covered, "" where it is."""
    problem, near = posed.problem, posed.near
    opened = np.union1d(solved.chosen, problem.kept)

    def within(columns: IntArray) -> BoolArray:
        found = np.zeros(len(covered.site), dtype=np.bool_)
        found[near.origin[np.isin(near.facility, columns)]] = True
        return found

    full = within(opened)
    if problem.is_capacitated:
        full |= problem.within(opened.astype(np.int64)).any(axis=1)
    return np.select(
        [
            covered.is_covered,
            full,
            within(problem.selectable),
            within(np.arange(size)),
        ],
        ["", "full", "not_chosen", "never"],
        "no_candidate",
    ).astype(object)


def scenario_of(found: DistrictSiting, name: str, language: Language = "zh") -> Scenario:
    """
    Return an answer as a scenario: one step a facility that is built.

    Parameters
    ----------
    found : DistrictSiting
        With an answer.
    name : str
        Of the scenario.
    language : {"zh", "en"}, default "zh"
        Of its steps.

    Raises
    ------
    DataError
        If more sites are chosen than a scenario has steps.
    """
    if len(found.chosen) > MOST_STEPS:
        raise DataError(
            f"{len(found.chosen):,} sites are chosen; a scenario has at most {MOST_STEPS} steps",
            f"选中 {len(found.chosen):,} 处，情景最多 {MOST_STEPS} 步",
        )
    district = found.assessment.workspace.district
    after, steps = district, []
    origin = Origin(name, found.assessment.as_of.isoformat())
    kind = KINDS[found.standard.kind]
    taken = set(district[FACILITIES]["facility_id"])
    for row in found.chosen.to_dict("records"):
        called = row["name"] if isinstance(row["name"], str) else row["candidate_id"]
        stem = f"{row['candidate_id']}-{found.standard.kind}"
        key = free_key(after, FACILITIES, stem) if stem in taken else stem
        amounts = {one: row[one] for one in AMOUNTS if not np.isnan(row[one])}
        move = {
            "do": "add_facility",
            "key": key,
            "kind": found.standard.kind,
            "at": shapely.get_coordinates(row["geometry"])[0].tolist(),
            "crs": district.crs.to_string(),
            "cells": {"name": f"{kind[language]} {called}", "is_public": True, **amounts},
        }
        edit = edit_of(after, move, origin)
        entry = "siting.step_generated" if row["is_generated"] else "siting.step"
        title = say(entry, language, kind=kind[language], site=called)
        steps.append(Step(edit, title))
        after = apply(after, edit, assumed=True)
    return Scenario(name, district.version, tuple(steps), say("siting.note", language))


def obstacles(found: DistrictSiting) -> tuple[Reason, ...]:
    """Return why there is no answer, the estates of `DistrictSiting.left` apart."""
    return tuple(reason for reason in found.solved.reasons if reason.demand is None)
