"""
Requirements: what the rulebook requires between two classes of features.

Where a table distinguishes what the survey left open (laying, pressure, windows), the strictest row
that could apply is taken and the answer says so.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clearances.features import FeatureClass
from clearances.matching import Match, joined, largest, match_rows
from clearances.tables import ClearanceTable, CountsFrom, read_table
from geo.errors import StandardError
from wording import Text

STRICTER = "stricter"
"""The profile that takes the strictest of all tables."""

_OTHER_TABLE = Text("所选净距表无此管类，取另一表", "taken from the other table")


@dataclass(frozen=True, slots=True)
class Requirement:
    """
    The clearance required of a subject from an object.

    Attributes
    ----------
    metres : float
        Least horizontal distance [m], NaN where the tables have no figure for the subject.
    counts_from : CountsFrom
        From where on the subject it counts.
    vertical_m : float
        Vertical distance that will do instead [m], NaN if none.
    source, clause, verified : str
        Where the figure is found and how it was verified, in the rulebook's words.
    notes : tuple of Text
        What had to be assumed to find it.
    is_unsure : bool
        Whether the figure may be too small: no subject passes near such an object.
    least_m : float
        No figure that may apply is smaller [m]: what is nearer is too near whatever the survey left
        open. Equal to `metres` where nothing had to be assumed.
    """

    metres: float
    counts_from: CountsFrom
    vertical_m: float
    source: str
    clause: str
    verified: str
    notes: tuple[Text, ...] = ()
    is_unsure: bool = False
    least_m: float = math.nan


@dataclass(frozen=True, slots=True)
class Requirements:
    """
    The rulebook's clearance tables.

    Attributes
    ----------
    tables : tuple of ClearanceTable
        Horizontal ones in the rulebook's order, the exchanged halves of symmetric ones included.
    profiles : mapping of str to Text
        Profiles the planner may choose between, and their names.
    parents : mapping of str to str
        Kind of pipe by sub-kind code.
    look_m : float
        How far beyond the required distance a pair is still listed, and how far an object of
        unknown depth, accuracy or width keeps a subject from passing [m].
    outline_m : float
        How far a surveyed wall may be from the outline it runs along [m].
    superseded_by : str
        Id of the standard that superseded a table, "" if none.
    crossings : tuple of ClearanceTable
        Vertical ones, between pipes that cross, as `tables`.
    """

    tables: tuple[ClearanceTable, ...]
    profiles: Mapping[str, Text]
    parents: Mapping[str, str]
    look_m: float
    outline_m: float
    superseded_by: str = ""
    crossings: tuple[ClearanceTable, ...] = ()

    def objects_of(self, subject: FeatureClass) -> frozenset[str]:
        """
        Return the classes of object that a subject is required to keep clear of.

        Parameters
        ----------
        subject : FeatureClass
            Its class.

        Returns
        -------
        frozenset of str
            Codes of classes; empty where no table speaks of the subject.
        """
        return frozenset(
            table.object for table in self.tables if set(subject.codes) & set(table.subjects)
        )

    def between(
        self, subject: FeatureClass, obj: FeatureClass, profile: str = STRICTER
    ) -> Requirement | None:
        """
        Find what is required of a subject from an object.

        Parameters
        ----------
        subject, obj : FeatureClass
            What is to be kept clear, and of what.
        profile : str, default `STRICTER`
            One of `profiles`; `STRICTER` takes all tables. Where the chosen table does not name
            the kind, the others are taken, and a note says so.

        Returns
        -------
        Requirement or None
            The strictest of what may apply; None where no table speaks of the two.

        Raises
        ------
        StandardError
            If the rulebook has no such profile.
        """
        if profile not in self.profiles:
            known = ", ".join(self.profiles)
            raise StandardError(
                f"no clearance profile {profile!r}; expected one of {known}",
                f"没有净距标准 {profile!r}；可选：{known}",
            )
        own = [
            table
            for table in self.tables
            if table.object in obj.codes and set(subject.codes) & set(table.subjects)
        ]
        shared = [table for table in own if not table.profile]
        always = match_rows(shared, subject, obj, self.parents)
        if not always.rows:
            always = largest(shared)
        chosen = self._chosen([t for t in own if t.profile], subject, obj, profile)
        return _strictest(joined((always, chosen)), subject.codes)

    def where_crossing(self, subject: FeatureClass, obj: FeatureClass) -> Requirement | None:
        """
        Find what is required between two pipes where they cross.

        Parameters
        ----------
        subject, obj : FeatureClass
            The two.

        Returns
        -------
        Requirement or None
            Its `metres` are vertical; None where no table speaks of the two.
        """
        return replace(self, tables=self.crossings).between(subject, obj)

    def _chosen(
        self,
        tables: Sequence[ClearanceTable],
        subject: FeatureClass,
        obj: FeatureClass,
        profile: str,
    ) -> Match:
        """Return the rows of the chosen profile, else of all that name the kind of object."""
        names = dict.fromkeys(table.profile for table in tables)
        found = {
            name: match_rows([t for t in tables if t.profile == name], subject, obj, self.parents)
            for name in names
        }
        known = {name: match for name, match in found.items() if match.rows}
        if profile in known:
            return known[profile]
        if not known:
            return largest(tables)
        both = joined(known.values())
        if profile == STRICTER:
            return both
        return replace(both, notes=(_OTHER_TABLE, *both.notes))


def read_requirements(clearance: Mapping[str, Any], pipes: Mapping[str, Any]) -> Requirements:
    """
    Read the rulebook's clearance tables.

    Parameters
    ----------
    clearance : mapping
        The rulebook's `clearance` tables as parsed from TOML; distances in metres.
    pipes : mapping
        The rulebook's `pipes` table: kinds with their sub-kinds.

    Returns
    -------
    Requirements
        Complete and checked.

    Raises
    ------
    StandardError
        If a table or figure is missing, or anything in them is unknown.
    """
    every = {
        name: read_table(name, raw) for name, raw in clearance.items() if name not in _NOT_TABLES
    }
    tables, crossings = (
        [
            each
            for table in every.values()
            if table.use == use
            for each in (table, *table.mirrored())
        ]
        for use in ("horizontal", "crossing")
    )
    try:
        profiles = {k: Text(str(v["zh"]), str(v["en"])) for k, v in clearance["profiles"].items()}
        measuring = clearance["measuring"]
        look_m, outline_m = float(measuring["look_m"]), float(measuring["outline_m"])
    except (KeyError, TypeError, ValueError) as error:
        raise StandardError(
            f"the rulebook's clearance tables lack {error}", f"规则库净距表缺少 {error}"
        ) from error
    _require_profiles(every, profiles)
    superseded = (table.superseded_by for table in tables if table.superseded_by)
    return Requirements(
        tuple(tables),
        profiles,
        _parents(pipes),
        look_m,
        outline_m,
        next(superseded, ""),
        tuple(crossings),
    )


_NOT_TABLES = ("profiles", "measuring", "pipe_yield_order")


def _require_profiles(tables: Mapping[str, ClearanceTable], profiles: Mapping[str, Text]) -> None:
    wanted = {"profiles": STRICTER, **{name: t.profile for name, t in tables.items() if t.profile}}
    for name, profile in wanted.items():
        if profile not in profiles:
            raise StandardError(
                f"clearance table {name}: profile {profile!r} has no name in clearance.profiles",
                f"净距表 {name} 的标准 {profile!r} 未在 clearance.profiles 中命名",
            )


def _parents(pipes: Mapping[str, Any]) -> dict[str, str]:
    return {
        sub: kind
        for kind, pipe in pipes.items()
        for sub in (pipe.get("sub", {}) if isinstance(pipe, Mapping) else {})
    }


def _strictest(match: Match, codes: tuple[str, ...]) -> Requirement | None:
    """
    Return the requirement of the row with the largest figure for a subject of some classes.

    A figure held from memory never overrides one that was seen of the same object. Where it is not
    wholly known what the object is, every row may apply.
    """
    if not match.rows:
        return None
    figures = [row.metres(codes) for row in match.rows]
    known = [place for place, figure in enumerate(figures) if not math.isnan(figure)]
    seen = [place for place in known if match.rows[place].verified != "recall"]
    chosen = known if match.is_unsure or match.notes or not seen else seen
    place = max(chosen, key=figures.__getitem__, default=None)
    least = min(chosen, key=figures.__getitem__, default=None) if match.notes else place
    said = {"source": "", "clause": "", "verified": ""}
    if place is not None:
        said = {name: getattr(match.rows[place], name) for name in said}
    from_crown = any(row.counts_from is CountsFrom.CROWN for row in match.rows)
    return Requirement(
        metres=math.nan if place is None else figures[place],
        counts_from=CountsFrom.CROWN if from_crown else CountsFrom.EDGE,
        vertical_m=max((r.vertical_m for r in match.rows), default=math.nan),
        **said,
        notes=match.notes,
        is_unsure=match.is_unsure,
        least_m=math.nan if least is None else figures[least],
    )
