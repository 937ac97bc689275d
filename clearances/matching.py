"""
Matching: the rows of clearance tables that may apply to two features, by their surveyed attributes.

Where a table distinguishes what the survey left open, every row that could apply is kept and a note
says so; the strictest of them decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from clearances.features import Attribute, FeatureClass
from clearances.tables import ClearanceRow, ClearanceTable, Limit, Range, fits
from wording import Text

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
_CONTRADICTION: Text = Text("管类与子类不符，取较严", "kind and sub-kind contradict: stricter")
_SUB_KIND_OPEN: Text = Text("子类不明或表中未列，取较严", "sub-kind open: stricter")


@dataclass(frozen=True, slots=True)
class Match:
    """
    The rows that may apply, and what had to be assumed to find them.

    Attributes
    ----------
    rows : tuple of ClearanceRow
        Empty where no table speaks of the two features.
    notes : tuple of Text
        What had to be assumed.
    is_unsure : bool
        Whether even the strictest of the rows may be too small.
    """

    rows: tuple[ClearanceRow, ...]
    notes: tuple[Text, ...] = ()
    is_unsure: bool = False


def match_rows(
    tables: Iterable[ClearanceTable],
    subject: FeatureClass,
    obj: FeatureClass,
    parents: Mapping[str, str],
) -> Match:
    """
    Return the rows about two features, narrowed by every attribute either side has.

    Parameters
    ----------
    tables : iterable of ClearanceTable
        Tables about the classes of the two.
    subject, obj : FeatureClass
        What is to be kept clear, and of what.
    parents : mapping of str to str
        Kind of pipe by sub-kind code.

    Returns
    -------
    Match
        All rows that could apply.
    """
    found = Match(tuple(row for table in tables for row in table.rows))
    sides = (("object", obj), ("subject", subject))
    # Kinds first: what other kinds distinguish is no matter of these two.
    for side, feature in sides:
        found = _of_kind(found, side, feature, parents)
    for side, feature in sides:
        for attribute in _attributes(found, side):
            found = _narrowed_by(found, side, attribute, feature.value(attribute))
    return found


def largest(tables: Iterable[ClearanceTable]) -> Match:
    """
    Return all rows of the tables that take the largest figure for a kind they do not name.

    Parameters
    ----------
    tables : iterable of ClearanceTable
        Of which only those with ``unlisted = "largest"`` count.

    Returns
    -------
    Match
        Unsure, or without a row.
    """
    rows = tuple(row for table in tables if table.unlisted == "largest" for row in table.rows)
    return Match(rows, (_NO_SUCH_KIND,), is_unsure=True) if rows else Match(())


def joined(matches: Iterable[Match]) -> Match:
    """
    Return the rows of all matches as one, each note once.

    Parameters
    ----------
    matches : iterable of Match
        In the order of precedence of equal figures.

    Returns
    -------
    Match
        Unsure if one of them is.
    """
    found = list(matches)
    return Match(
        tuple(row for match in found for row in match.rows),
        tuple(dict.fromkeys(note for match in found for note in match.notes)),
        is_unsure=any(match.is_unsure for match in found),
    )


def _attributes(match: Match, side: str) -> tuple[str, ...]:
    """Return what the rows distinguish besides the kind, in the order in which they do."""
    names = dict.fromkeys(name for row in match.rows for name in getattr(row, side))
    return tuple(name for name in names if name != "kind")


def _of_kind(match: Match, side: str, feature: FeatureClass, parents: Mapping[str, str]) -> Match:
    """
    Keep the rows of the sub-kind, else of the kind, else of any sub-kind of the kind.

    A sub-kind of another kind is a contradiction: the rows of both are kept, unsure.
    """
    if not any(_codes(row, side) for row in match.rows):
        return match
    kind, sub = (str(feature.value(name) or "") for name in ("kind", "sub_kind"))
    if not kind:
        return replace(match, notes=(*match.notes, _UNKNOWN["kind"]))
    if parents.get(sub, kind) == kind:
        return _listed(match, side, (kind, sub), parents)
    both = [_listed(match, side, pair, parents) for pair in ((kind, ""), (parents[sub], sub))]
    rows = tuple(row for found in both for row in found.rows)
    return Match(rows, (*match.notes, _CONTRADICTION), is_unsure=True)


def _listed(
    match: Match, side: str, kind_and_sub: tuple[str, str], parents: Mapping[str, str]
) -> Match:
    kind, sub = kind_and_sub
    # Rows that name no kind are about every kind.
    general = tuple(row for row in match.rows if not _codes(row, side))
    for code in filter(None, (sub, kind)):
        exact = tuple(row for row in match.rows if code in _codes(row, side))
        if exact:
            return replace(match, rows=exact + general)
    family = tuple(
        row for row in match.rows if kind in {parents.get(code) for code in _codes(row, side)}
    )
    notes = (*match.notes, _SUB_KIND_OPEN) if family else match.notes
    return replace(match, rows=family + general, notes=notes)


def _limit(row: ClearanceRow, side: str, attribute: str) -> Limit | None:
    limits: Mapping[str, Limit] = getattr(row, side)
    return limits.get(attribute)


def _codes(row: ClearanceRow, side: str) -> tuple[str, ...]:
    """Return the kinds a row is about, none where it is about any."""
    limit = _limit(row, side, "kind")
    return limit if isinstance(limit, tuple) else (str(limit),) if limit is not None else ()


def _narrowed_by(match: Match, side: str, attribute: str, value: Attribute | None) -> Match:
    """Keep the rows for `value`; keep and note all if the survey or the table gives none."""
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
