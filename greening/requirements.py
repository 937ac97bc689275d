"""
Requirements: how far a tree or shrub must stand from each class of object, read from the rulebook.

The figures live in the rulebook's `clearance` tables; here they are only looked up. Where a table
distinguishes what the survey left open (laying, pressure, windows), the strictest row that could
apply is taken and the answer says so.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from geo.errors import StandardError


class Profile(StrEnum):
    """Which table of tree-to-pipe distances is applied."""

    CJJ75 = "cjj75_97"
    GB50289 = "gb50289"
    STRICTER = "stricter"


PROFILE_LABELS: Mapping[str, tuple[str, str]] = {
    Profile.CJJ75: ("CJJ 75-97", "CJJ 75-97"),
    Profile.GB50289: ("GB 50289-2016", "GB 50289-2016"),
    Profile.STRICTER: ("两表取严", "the stricter of both"),
}

PLANT_KINDS = ("tree", "shrub")

PRESSURE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "low_medium": ("low", "medium_a", "medium_b"),
    "medium": ("medium_a", "medium_b"),
    "sub_high": ("sub_high_a", "sub_high_b"),
}

_PIPE_SOURCES = {
    Profile.CJJ75: ("CJJ75-97", "6.2.1"),
    Profile.GB50289: ("GB50289-2016", "4.1.9"),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """
    One row of a clearance table.

    Attributes
    ----------
    code : str
        What it is about: a pipe code, a wall, a pole.
    tree_m, shrub_m : float
        Least distance from the trunk's centre to the object's outer edge [m], NaN where the table
        has no figure.
    source, clause, verified : str
        Where the figure stands and how it was verified, in the rulebook's words.
    laid, pressure : str
        The laying or pressure the row is for, "" for any.
    crown : bool
        Whether the distance counts from the mature crown's edge instead of the trunk.
    vertical_m : float
        Vertical distance that will do instead [m], NaN if none.
    """

    code: str
    tree_m: float
    shrub_m: float
    source: str
    clause: str
    verified: str
    laid: str = ""
    pressure: str = ""
    crown: bool = False
    vertical_m: float = math.nan

    def metres(self, kind: str) -> float:
        """Return the distance for `kind`, ``"tree"`` or ``"shrub"`` [m]."""
        return self.tree_m if kind == "tree" else self.shrub_m


@dataclass(frozen=True, slots=True)
class Match:
    """The rows that apply to an object, and what had to be assumed to find them."""

    rows: tuple[Requirement, ...]
    note_zh: str = ""
    note_en: str = ""
    is_unsure: bool = False

    def strictest(self, kind: str) -> Requirement | None:
        """Return the row with the largest distance for `kind`, None where no row has one."""
        rows = [row for row in self.rows if not math.isnan(row.metres(kind))]
        return max(rows, key=lambda row: row.metres(kind), default=None)


@dataclass(frozen=True, slots=True)
class Requirements:
    """
    Every distance the check needs.

    Attributes
    ----------
    pipes : mapping of Profile to tuple of Requirement
        Tree-to-pipe tables.
    buildings, objects, overhead, fire : tuple of Requirement
        Walls; poles and kerbs; overhead lines; fire lanes and climbing areas.
    parents : mapping of str to str
        Kind of pipe by sub-kind code.
    look_m : float
        How far beyond the required distance a pair is still listed, and how far an object of
        unknown depth, accuracy or width keeps a planting from passing [m].
    duplicate_m : float
        Plantings nearer to each other are one planting drawn twice [m].
    """

    pipes: Mapping[Profile, tuple[Requirement, ...]]
    buildings: tuple[Requirement, ...]
    objects: tuple[Requirement, ...]
    overhead: tuple[Requirement, ...]
    fire: tuple[Requirement, ...]
    parents: Mapping[str, str]
    look_m: float
    duplicate_m: float

    def pipe(self, profile: Profile, code: str, sub: str, laid: str, pressure: str) -> Match:
        """
        Find the rows for a pipe.

        Parameters
        ----------
        profile : Profile
            Table to use; `STRICTER` takes all of them. A table that does not name the kind gives
            way to the other, and the answer says so.
        code, sub : str
            Kind and sub-kind, ``""`` where unknown.
        laid, pressure : str
            Laying and pressure class, ``""`` where unknown.

        Returns
        -------
        Match
            Never empty: a kind of pipe no table names takes the strictest row of all, unsure.
        """
        found = {
            table: self._in_table(rows, (code, sub), laid, pressure)
            for table, rows in self.pipes.items()
        }
        known = {table: match for table, match in found.items() if match.rows}
        if not known:
            return Match(
                tuple(row for rows in self.pipes.values() for row in rows),
                "净距表无此管类，取表中最大值",
                "no table names this kind of pipe: the largest figure is taken",
                is_unsure=True,
            )
        if profile in known:
            return known[profile]
        notes = [("所选净距表无此管类，取另一表", "taken from the other table")]
        notes = notes if profile is not Profile.STRICTER else []
        notes += [(match.note_zh, match.note_en) for match in known.values()]
        return Match(
            tuple(row for match in known.values() for row in match.rows),
            "；".join(dict.fromkeys(zh for zh, _ in notes if zh)),
            "; ".join(dict.fromkeys(en for _, en in notes if en)),
            is_unsure=any(match.is_unsure for match in known.values()),
        )

    def _in_table(
        self, rows: Sequence[Requirement], codes: tuple[str, str], laid: str, pressure: str
    ) -> Match:
        match = _narrow_code(rows, codes, self.parents)
        match = _narrow(match, "laid", laid, ("敷设方式不明，取较严", "laying unknown: stricter"))
        return _narrow(
            match, "pressure", pressure, ("压力级别不明，取较严", "pressure unknown: stricter")
        )


def read_requirements(clearance: Mapping[str, Any], pipes: Mapping[str, Any]) -> Requirements:
    """
    Read the rulebook's clearance tables.

    Parameters
    ----------
    clearance : mapping
        The rulebook's `clearance` tables as parsed from TOML.
    pipes : mapping
        The rulebook's `pipes` table: kinds with their sub-kinds.

    Raises
    ------
    StandardError
        If a table or figure is missing.
    """
    try:
        tree_pipe = clearance["tree_pipe"]
        building = clearance["tree_building"]
        return Requirements(
            pipes={p: _pipe_table(tree_pipe, p) for p in (Profile.CJJ75, Profile.GB50289)},
            buildings=_rows(building, "rows") + _rows(building, "rows_hjjg2006"),
            objects=_rows(clearance["tree_object"], "rows"),
            overhead=_overhead(clearance["tree_overhead"]),
            fire=_rows(clearance["tree_fire"], "rows"),
            parents={
                sub: kind
                for kind, pipe in pipes.items()
                for sub in (pipe.get("sub", {}) if isinstance(pipe, Mapping) else {})
            },
            look_m=float(clearance["greening"]["look_m"]),
            duplicate_m=float(clearance["greening"]["duplicate_m"]),
        )
    except KeyError as error:
        raise StandardError(
            f"the rulebook's clearance tables lack {error}", f"规则库净距表缺少 {error}"
        ) from error


def _pipe_table(table: Mapping[str, Any], profile: Profile) -> tuple[Requirement, ...]:
    source, clause = _PIPE_SOURCES[profile]
    rows = _requirements(
        table[profile.value], source, f"表{clause}", table[f"{profile.value}_verified"]
    )
    gas = table.get(f"{profile.value}_gas_verified")
    return tuple(replace(r, verified=gas) if gas and r.code == "RQ" else r for r in rows)


def _rows(table: Mapping[str, Any], name: str) -> tuple[Requirement, ...]:
    """Read one list of rows; `<name>_source` and the like override the table's own."""

    def said(what: str) -> str:
        return str(table.get(f"{name}_{what}", table[what]))

    return _requirements(table[name], said("source"), said("clause"), said("verified"))


def _requirements(
    rows: Iterable[Mapping[str, Any]], source: str, clause: str, verified: str
) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(
            code=str(row.get("pipe", row.get("object", ""))),
            tree_m=float(row.get("tree", math.nan)),
            shrub_m=float(row.get("shrub", math.nan)),
            source=str(row.get("source", source)),
            clause=str(row.get("clause", clause)),
            verified=str(row.get("verified", verified)),
            laid=str(row.get("laid", "")),
            pressure=str(row.get("pressure", "")),
            crown=bool(row.get("crown", False)),
        )
        for row in rows
    )


def _overhead(table: Mapping[str, Any]) -> tuple[Requirement, ...]:
    """Read overhead rows: the code is the upper limit of the row's voltages [kV], as text."""
    return tuple(
        Requirement(
            code=str(row["kv"]).rpartition("-")[2],
            tree_m=float(row["horizontal"]),
            shrub_m=float(row["horizontal"]),
            source=str(table["source"]),
            clause=str(table["clause"]),
            verified=str(table["verified"]),
            crown=True,
            vertical_m=float(row["vertical"]),
        )
        for row in table["rows"]
    )


def _narrow_code(
    rows: Sequence[Requirement], codes: tuple[str, str], parents: Mapping[str, str]
) -> Match:
    """
    Keep the rows of the sub-kind, else of the kind, else of any sub-kind of the kind.

    A sub-kind of another kind is a contradiction: the rows of both are kept, unsure.
    """
    kind, sub = codes
    if parents.get(sub, kind) != kind:
        both = [_narrow_code(rows, pair, parents) for pair in ((kind, ""), (parents[sub], sub))]
        found = tuple(row for match in both for row in match.rows)
        said = ("管类与子类不符，取较严", "kind and sub-kind contradict: stricter")
        return Match(found, *said, is_unsure=True)
    for code in (sub, kind):
        exact = tuple(row for row in rows if code and row.code == code)
        if exact:
            return Match(exact)
    family = tuple(row for row in rows if parents.get(row.code) == kind)
    if not family:
        return Match(())
    return Match(family, "子类不明或表中未列，取较严", "sub-kind open: stricter")


def _narrow(match: Match, attribute: str, value: str, note: tuple[str, str]) -> Match:
    """Keep the rows for `value`; keep all, and say so, where the survey or the table is silent."""
    limited = [row for row in match.rows if getattr(row, attribute)]
    if not limited:
        return match
    fitting = tuple(row for row in match.rows if value and _fits(getattr(row, attribute), value))
    if fitting:
        return replace(match, rows=fitting)
    return replace(
        match,
        note_zh="；".join(filter(None, (match.note_zh, note[0]))),
        note_en="; ".join(filter(None, (match.note_en, note[1]))),
    )


def _fits(limit: str, value: str) -> bool:
    return limit in ("", value) or value in PRESSURE_GROUPS.get(limit, ())
