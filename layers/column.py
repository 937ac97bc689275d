"""
Column: what one column is called, means, measures and may hold; and where a row comes from.

Columns are ASCII snake_case; people read `label_zh` / `label_en`. A value that was never surveyed
is missing (None, NaN, <NA>) and stays missing: nothing here fills it in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

from wording import Language, Text

DType: TypeAlias = Literal["str", "int", "float", "bool", "date"]
Geometry: TypeAlias = Literal["Point", "LineString", "Polygon"]

_FIRST_YEAR = 1000
SHORT = 10
"""Characters of the name of a .dbf field."""

PANDAS_DTYPE: Mapping[str, str] = {
    "str": "str",
    "int": "Int64",
    "float": "float64",
    "bool": "boolean",
    "date": "str",  # ISO 8601; a date is compared as text and never converted on the way
}


class Provenance(StrEnum):
    """Where a row comes from."""

    SURVEYED = "surveyed"
    INFERRED = "inferred"
    SYNTHETIC = "synthetic"


PROVENANCE_LABELS: Mapping[str, Text] = {
    Provenance.SURVEYED: Text("实测", "surveyed"),
    Provenance.INFERRED: Text("推断", "inferred"),
    Provenance.SYNTHETIC: Text("演示数据", "synthetic"),
}

_ENGLISH_UNITS = {
    "株": "",
    "户": "",
    "人": "",
    "个": "",
    "处": "",
    "层": "",
    "位": "",
    "栋": "",
    "元": "yuan",
    "比例": "share",
    "m²/人": "m²/person",
}


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a layer.

    Attributes
    ----------
    name : str
        ASCII snake_case.
    dtype : {"str", "int", "float", "bool", "date"}
        ``date`` is ISO 8601 text.
    label_zh, label_en : str
        What people read (标签).
    unit : str
        Unit of the number, "" where it has none.
    least, most : float or None
        Closed limits of the number.
    codes : mapping of str to (str, str) or None
        The only values allowed, each with its Chinese and English label.
    required : bool
        Whether every row must have a value. Anything else may be unknown.
    refers_to : str
        The layer whose key this column holds, "" if none.
    usual : tuple of float or None
        Least and most that the median of a survey is expected to be, in `unit`: beyond them its
        numbers are probably in another unit. No row breaks it.
    plausible : tuple of float or None
        Least and most that a single number is taken without being confirmed, `usual` by default;
        zero, which says that there is none, always is.
    """

    name: str
    dtype: DType
    label_zh: str
    label_en: str
    unit: str = ""
    least: float | None = None
    most: float | None = None
    codes: Mapping[str, Text] | None = None
    required: bool = False
    refers_to: str = ""
    usual: tuple[float, float] | None = None
    plausible: tuple[float, float] | None = None

    @property
    def is_year(self) -> bool:
        """Whether it holds calendar years."""
        return self.dtype == "int" and not self.unit and (self.least or 0) >= _FIRST_YEAR

    def label(self, language: Language) -> str:
        """Return the label in `language`, ``"zh"`` or ``"en"``."""
        return self.label_zh if language == "zh" else self.label_en

    def unit_in(self, language: Language) -> str:
        """Return the unit as people write it in `language`; in English a count has none."""
        return self.unit if language == "zh" else _ENGLISH_UNITS.get(self.unit, self.unit)


def amount(
    name: str,
    dtype: DType,
    label_zh: str,
    label_en: str,
    unit: str,
    plausible: tuple[float, float],
) -> Column:
    """Return a column of a count or a measure, never negative; the arguments are as in `Column`."""
    return Column(name, dtype, label_zh, label_en, unit, least=0, plausible=plausible)


def short_names(columns: Sequence[Column]) -> dict[str, str]:
    """
    Return a name of ten characters at most for every column, as a .dbf demands.

    Names that would be alike are told apart by a number, the way GDAL does it.
    """
    names: dict[str, str] = {}
    for column in columns:
        name, number = column.name[:SHORT], 0
        while name in names.values():
            number += 1
            name = f"{column.name[: SHORT - 1 - len(str(number))]}_{number}"
        names[column.name] = name
    return names


PROVENANCE_COLUMNS = (
    Column("provenance", "str", "数据性质", "provenance", codes=PROVENANCE_LABELS, required=True),
    Column("source", "str", "数据来源", "source", required=True),
    Column("source_date", "date", "数据日期", "date of the data", required=True),
)
