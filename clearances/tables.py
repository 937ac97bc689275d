"""
The rulebook's clearance tables as frozen models, checked where the TOML comes in.

The grammar of a row is written at the head of `clearance.toml`.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from clearances.features import Attribute
from geo.errors import StandardError
from layers.findings import VERIFIED_LABELS

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "pipe": ("kind", "laid", "pressure", "diameter_mm", "voltage_kv"),
    "building": (),
    "building_wall": ("has_windows",),
    "enclosure_wall": ("height_m",),
    "retaining_wall": (),
    "overhead_line": ("voltage_kv",),
    "pole": ("kind",),
    "carriageway": (),
    "fire_ground": ("kind",),
    "tree": ("kind",),
}
"""Classes of object, and what a table may distinguish of each, in the order of narrowing."""


class CountsFrom(StrEnum):
    """The part of a subject from which its distance is measured."""

    EDGE = "edge"
    CROWN = "crown"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Frozen):
    """A range of a surveyed number: each bound that is given holds."""

    up_to: float = math.inf
    below: float = math.inf
    above: float = -math.inf
    at_least: float = Field(default=-math.inf, alias="from")

    @property
    def is_open(self) -> bool:
        """Whether it has no upper bound."""
        return math.isinf(self.up_to) and math.isinf(self.below)

    def holds(self, value: float) -> bool:
        """
        Return whether a number is in the range.

        Parameters
        ----------
        value : float
            In the unit of the surveyed attribute.

        Returns
        -------
        bool
            False for NaN.
        """
        return self.at_least <= value <= self.up_to and self.above < value < self.below


Metres: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Limit: TypeAlias = Range | bool | str | tuple[str, ...]


def fits(limit: Limit, value: Attribute) -> bool:
    """
    Return whether a surveyed value fits a row's limit.

    Parameters
    ----------
    limit : Range, bool, str or tuple of str
        What the row is about.
    value : str, float or bool
        The surveyed value.

    Returns
    -------
    bool
        A text never fits a range.
    """
    if isinstance(limit, Range):
        return isinstance(value, int | float) and limit.holds(value)
    if isinstance(limit, tuple):
        return value in limit
    return value == limit


class ClearanceRow(_Frozen):
    """One row of a table, complete: values shared by all rows of the table are filled in."""

    subject: Mapping[str, Limit]
    object: Mapping[str, Limit]
    figures: Mapping[str, Metres]
    vertical_m: float
    counts_from: CountsFrom
    source: str
    clause: str
    verified: str

    def metres(self, codes: tuple[str, ...]) -> float:
        """
        Return the figure for a subject.

        Parameters
        ----------
        codes : tuple of str
            Its classes, the narrowest first.

        Returns
        -------
        float
            [m], NaN where the row has none.
        """
        return next((self.figures[code] for code in codes if code in self.figures), math.nan)


class ClearanceTable(_Frozen):
    """One clearance table."""

    subjects: tuple[str, ...] = Field(min_length=1)
    object: str
    rows: tuple[ClearanceRow, ...] = Field(min_length=1)
    profile: str = ""
    unlisted: Literal["", "largest"] = ""
    use: Literal["horizontal", "crossing", "reference"] = "horizontal"
    symmetric: bool = False
    superseded_by: str = ""
    override: Literal["", "locked", "reason", "free", "required"] = ""
    note: str = ""
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> "ClearanceTable":
        """Raise on unknown classes, attributes and verification marks."""
        _require("object", self.object, ATTRIBUTES)
        for row in self.rows:
            _require("verified", row.verified, VERIFIED_LABELS)
            for attribute in row.object:
                _require(f"attribute of {self.object}", attribute, ATTRIBUTES[self.object])
        return self

    def mirrored(self) -> "tuple[ClearanceTable, ...]":
        """
        Return the tables of a symmetric one with subject and object exchanged.

        Returns
        -------
        tuple of ClearanceTable
            One for each class of subject; empty for a table that is not symmetric.
        """
        if not self.symmetric:
            return ()
        return tuple(
            self.model_copy(
                update={
                    "subjects": (self.object,),
                    "object": subject,
                    "rows": tuple(_exchanged(row, subject, self.object) for row in self.rows),
                }
            )
            for subject in self.subjects
        )


def _exchanged(row: ClearanceRow, subject: str, obj: str) -> ClearanceRow:
    figures = {obj: row.metres((subject,))}
    return row.model_copy(update={"subject": row.object, "object": row.subject, "figures": figures})


def _require(what: str, found: str, known: Mapping[str, Any] | tuple[str, ...]) -> None:
    if found not in known:
        raise ValueError(f"{what} is {found!r}; expected one of {', '.join(known)}")


def read_table(name: str, raw: Mapping[str, Any]) -> ClearanceTable:
    """
    Read one clearance table.

    Parameters
    ----------
    name : str
        What the rulebook calls it.
    raw : mapping
        The table as parsed from TOML; distances in metres.

    Returns
    -------
    ClearanceTable
        Every row with its own source, clause, mark, and figure for each subject.

    Raises
    ------
    StandardError
        If a key, a class, an attribute or a mark is unknown, or a figure is missing or no number.
    """
    try:
        subjects = tuple(str(one) for one in raw["subjects"])
        shared = {key: raw[key] for key in _OF_ROW if key in raw}
        own = {key: value for key, value in raw.items() if key not in (*_OF_ROW, "rows")}
        rows = [_row({**shared, **row}, subjects) for row in raw["rows"]]
        return ClearanceTable.model_validate({**own, "rows": rows})
    except (KeyError, TypeError, ValidationError) as error:
        said = _first(error) if isinstance(error, ValidationError) else f"lacks {error}"
        raise StandardError(
            f"clearance table {name}: {said}", f"净距表 {name} 有误：{said}"
        ) from error


_OF_ROW = ("source", "clause", "verified", "counts_from")


def _row(raw: Mapping[str, Any], subjects: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of a `ClearanceRow`: figures by subject, `m` filled in for each of them."""
    known = {*_OF_ROW, "object", "subject", "vertical", "m", *subjects}
    unknown = sorted(set(raw) - known)
    if unknown:
        raise KeyError(f"no meaning for {unknown[0]}")
    figures = {one: raw.get(one, raw.get("m")) for one in subjects}
    return {
        "subject": raw.get("subject", {}),
        "object": raw.get("object", {}),
        "figures": {one: figure for one, figure in figures.items() if figure is not None},
        "vertical_m": raw.get("vertical", math.nan),
        "counts_from": raw.get("counts_from", CountsFrom.EDGE),
        **{key: raw[key] for key in ("source", "clause", "verified")},
    }


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
