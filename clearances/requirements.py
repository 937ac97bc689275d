"""
Requirements: what the rulebook requires between two classes of features.

Where a table distinguishes what the survey left open (laying, pressure, windows), the strictest row
that could apply is taken and the answer says so.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clearances.features import Attribute, FeatureClass
from clearances.tables import CountsFrom, Limit, Range, Row, Table, fits, read_table
from geo.errors import StandardError
from wording import Text

STRICTER = "stricter"
"""The profile that takes the strictest of all tables."""


_UNKNOWN: Mapping[str, Text] = {
    "kind": Text("类型不明，取较严", "kind unknown: stricter"),
    "laid": Text("敷设方式不明，取较严", "laying unknown: stricter"),
    "pressure": Text("压力级别不明，取较严", "pressure unknown: stricter"),
    "diameter_mm": Text("管径不明，取较严", "diameter unknown: stricter"),
    "voltage_kv": Text("电压不明，取较严", "voltage unknown: stricter"),
    "height_m": Text("墙高不明，按高墙从严", "height unknown: taken as high"),
    "has_windows": Text("窗户情况不明，按有窗从严", "windows unknown: taken as windowed"),
}
_UNLISTED: Mapping[str, Text] = {
    "laid": Text("表中未列此敷设方式，取较严", "laying not in the table: stricter"),
    "pressure": Text("表中未列此压力级别，取较严", "pressure not in the table: stricter"),
    "diameter_mm": Text("管径超出表列，取较严", "diameter beyond the table: stricter"),
    "voltage_kv": Text("电压超出表列，取较严", "voltage beyond the table: stricter"),
    "height_m": Text("墙高超出表列，取较严", "height beyond the table: stricter"),
}
_NO_SUCH_KIND: Text = Text(
    "净距表无此管类，取表中最大值", "no table names this kind of pipe: the largest figure is taken"
)
_OTHER_TABLE: Text = Text("所选净距表无此管类，取另一表", "taken from the other table")
_CONTRADICTION: Text = Text("管类与子类不符，取较严", "kind and sub-kind contradict: stricter")
_SUB_KIND_OPEN: Text = Text("子类不明或表中未列，取较严", "sub-kind open: stricter")


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
        Where the figure stands and how it was verified, in the rulebook's words.
    notes : tuple of Text
        What had to be assumed to find it.
    is_unsure : bool
        Whether the figure may be too small: no subject passes near such an object.
    """

    metres: float
    counts_from: CountsFrom
    vertical_m: float
    source: str
    clause: str
    verified: str
    notes: tuple[Text, ...] = ()
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    """The rows that may apply, and what had to be assumed to find them."""

    rows: tuple[Row, ...]
    notes: tuple[Text, ...] = ()
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class Requirements:
    """
    The rulebook's clearance tables.

    Attributes
    ----------
    tables : tuple of Table
        Horizontal ones in the rulebook's order, the exchanged halves of symmetric ones included.
    profiles : mapping of str to Text
        Profiles the planner may choose between, and their names.
    parents : mapping of str to str
        Kind of pipe by sub-kind code.
    look_m : float
        How far beyond the required distance a pair is still listed, and how far an object of
        unknown depth, accuracy or width keeps a subject from passing [m].
    outline_m : float
        How far a surveyed wall may lie from the outline it runs along [m].
    duplicate_m : float
        Plantings nearer to each other are one planting drawn twice [m].
    spacing_m : float
        Kept between plants whose species are not in the catalogue [m].
    crown_look_m : float
        How far from a path a plant is near it although its crown is unknown [m].
    superseded_by : str
        Id of the standard that superseded a table, "" if none.
    """

    tables: tuple[Table, ...]
    profiles: Mapping[str, Text]
    parents: Mapping[str, str]
    look_m: float
    outline_m: float
    duplicate_m: float
    spacing_m: float
    crown_look_m: float
    superseded_by: str = ""

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
            One of `profiles`; `STRICTER` takes all tables. A chosen table that does not name the
            kind gives way to the others, and the answer says so.

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
        always = self._match(shared, subject, obj)
        if not always.rows:
            always = _largest(shared)
        chosen = self._chosen([t for t in own if t.profile], subject, obj, profile)
        return _strictest(_together((always, chosen)), subject.codes)

    def _chosen(
        self, tables: Sequence[Table], subject: FeatureClass, obj: FeatureClass, profile: str
    ) -> _Match:
        """Return the rows of the chosen profile, else of all that name the kind of object."""
        names = dict.fromkeys(table.profile for table in tables)
        found = {
            name: self._match([t for t in tables if t.profile == name], subject, obj)
            for name in names
        }
        known = {name: match for name, match in found.items() if match.rows}
        if profile in known:
            return known[profile]
        if not known:
            return _largest(tables)
        both = _together(known.values())
        if profile == STRICTER:
            return both
        return replace(both, notes=(_OTHER_TABLE, *both.notes))

    def _match(self, tables: Iterable[Table], subject: FeatureClass, obj: FeatureClass) -> _Match:
        """Return the rows about two features, narrowed by every attribute either side has."""
        match = _Match(tuple(row for table in tables for row in table.rows))
        for side, feature in (("object", obj), ("subject", subject)):
            match = self._narrowed(match, side, feature)
        return match

    def _narrowed(self, match: _Match, side: str, feature: FeatureClass) -> _Match:
        limits = dict.fromkeys(name for row in match.rows for name in getattr(row, side))
        if "kind" in limits:
            match = self._of_kind(match, side, feature)
        for attribute in limits:
            if attribute != "kind":
                match = _narrowed_by(match, side, attribute, feature.value(attribute))
        return match

    def _of_kind(self, match: _Match, side: str, feature: FeatureClass) -> _Match:
        """
        Keep the rows of the sub-kind, else of the kind, else of any sub-kind of the kind.

        A sub-kind of another kind is a contradiction: the rows of both are kept, unsure.
        """
        kind, sub = (str(feature.value(name) or "") for name in ("kind", "sub_kind"))
        if not kind:
            return replace(match, notes=(*match.notes, _UNKNOWN["kind"]))
        if self.parents.get(sub, kind) != kind:
            both = [
                self._listed(match, side, *pair) for pair in ((kind, ""), (self.parents[sub], sub))
            ]
            rows = tuple(row for found in both for row in found.rows)
            return _Match(rows, (*match.notes, _CONTRADICTION), is_unsure=True)
        return self._listed(match, side, kind, sub)

    def _listed(self, match: _Match, side: str, kind: str, sub: str) -> _Match:
        for code in filter(None, (sub, kind)):
            exact = tuple(row for row in match.rows if code in _codes(row, side))
            if exact:
                return replace(match, rows=exact)
        family = tuple(
            row for row in match.rows if kind in {self.parents.get(c) for c in _codes(row, side)}
        )
        notes = (*match.notes, _SUB_KIND_OPEN) if family else match.notes
        return replace(match, rows=family, notes=notes)


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
    tables = [
        each
        for table in every.values()
        if table.use == "horizontal"
        for each in (table, *table.mirrored())
    ]
    try:
        profiles = {k: Text(str(v["zh"]), str(v["en"])) for k, v in clearance["profiles"].items()}
        figures = {
            name: float(clearance[table][name])
            for table, names in _FIGURES.items()
            for name in names
        }
    except (KeyError, TypeError, ValueError) as error:
        raise StandardError(
            f"the rulebook's clearance tables lack {error}", f"规则库净距表缺少 {error}"
        ) from error
    _require_profiles(every, profiles)
    superseded = (table.superseded_by for table in tables if table.superseded_by)
    return Requirements(
        tuple(tables), profiles, _parents(pipes), **figures, superseded_by=next(superseded, "")
    )


_FIGURES = {
    "measuring": ("look_m", "outline_m"),
    "planting": ("duplicate_m", "spacing_m", "crown_look_m"),
}
_NOT_TABLES = ("profiles", *_FIGURES, "pipe_yield_order")


def _require_profiles(tables: Mapping[str, Table], profiles: Mapping[str, Text]) -> None:
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


def _limit(row: Row, side: str, attribute: str) -> Limit | None:
    limits: Mapping[str, Limit] = getattr(row, side)
    return limits.get(attribute)


def _codes(row: Row, side: str) -> tuple[str, ...]:
    """Return the kinds a row is about, none where it is about any."""
    limit = _limit(row, side, "kind")
    return limit if isinstance(limit, tuple) else (str(limit),) if limit is not None else ()


def _narrowed_by(match: _Match, side: str, attribute: str, value: Attribute | None) -> _Match:
    """Keep the rows for `value`; keep all, and say so, where the survey or the table is silent."""
    limits = [_limit(row, side, attribute) for row in match.rows]
    if not any(limit is not None for limit in limits):
        return match
    fitting = tuple(
        row
        for row, limit in zip(match.rows, limits, strict=True)
        if value is not None and (limit is None or fits(limit, value))
    )
    if fitting:
        return replace(match, rows=fitting)
    if isinstance(value, bool):
        # A table of walls with windows says nothing of walls without.
        return replace(match, rows=())
    note = (_UNKNOWN if value is None else _UNLISTED)[attribute]
    ends = [limit for limit in limits if isinstance(limit, Range)]
    # A table that ends may have no row as strict as what was not surveyed would need.
    is_ended = bool(ends) and not any(limit.is_open for limit in ends)
    return replace(match, notes=(*match.notes, note), is_unsure=match.is_unsure or is_ended)


def _largest(tables: Iterable[Table]) -> _Match:
    """Return all rows of the tables that take the largest figure for a kind they do not name."""
    rows = tuple(row for table in tables if table.unlisted == "largest" for row in table.rows)
    return _Match(rows, (_NO_SUCH_KIND,), is_unsure=True) if rows else _Match(())


def _together(matches: Iterable[_Match]) -> _Match:
    found = list(matches)
    return _Match(
        tuple(row for match in found for row in match.rows),
        tuple(dict.fromkeys(note for match in found for note in match.notes)),
        is_unsure=any(match.is_unsure for match in found),
    )


def _strictest(match: _Match, codes: tuple[str, ...]) -> Requirement | None:
    """Return the requirement of the row with the largest figure for a subject of some classes."""
    if not match.rows:
        return None
    figures = [row.metres(codes) for row in match.rows]
    known = [place for place, figure in enumerate(figures) if not math.isnan(figure)]
    place = max(known, key=figures.__getitem__, default=None)
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
    )
