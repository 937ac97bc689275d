"""
Receipt: what became of every row of a table: accepted or quarantined, and nothing else.

The sum is enforced where the receipt is made: a row that is in neither list, or in both, is a fault
of the program and raises.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geo.errors import DataError
from intake.sentences import explained
from layers.spec import Fault
from wording import Text


@dataclass(frozen=True, slots=True)
class QuarantineReason:
    """
    Why a row was not accepted.

    Attributes
    ----------
    rule : str
        Rule id of the catalogue; ``row.fault`` for a value that breaks its layer.
    detail : str
        What was found.
    fault : Fault or None
        The layer's own fault: column, 标签, found, expected.
    """

    rule: str
    detail: str = ""
    fault: Fault | None = None

    @property
    def sentence(self) -> Text:
        """The reason as a sentence for people."""
        if self.fault is not None:
            return Text(self.fault.sentence("zh"), self.fault.sentence("en"))
        return explained(self.rule, self.detail)


@dataclass(frozen=True, slots=True)
class QuarantineRecord:
    """
    One row (or a run of rows lost together, or a whole file) that was not accepted.

    Attributes
    ----------
    member, table : str
        File and layer or sheet.
    row : int
        Row number in the file, 0 for a whole file.
    reasons : tuple of QuarantineReason
        Everything that is wrong with it, at once.
    raw : bytes
        The row's own bytes where it could not be read into cells, else its cells as JSON.
    wkb : str
        The geometry as delivered, hexadecimal WKB in the file's coordinates, "" if none.
    values : mapping of str to str
        Cells by heading as read, for correction.
    count : int, default 1
        Rows this record covers.
    """

    member: str
    table: str
    row: int
    reasons: tuple[QuarantineReason, ...]
    raw: bytes = b""
    wkb: str = ""
    values: Mapping[str, str] | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Repair:
    """A geometry that was changed so that it could be accepted, with its area before and after."""

    row: int
    rule: str
    detail: str
    area_before_m2: float
    area_after_m2: float


@dataclass(frozen=True)
class Receipt:
    """
    What became of a table.

    Attributes
    ----------
    layer : str
        The layer it was read for.
    read : int
        Rows read, those lost in the file included.
    accepted : geopandas.GeoDataFrame
        Rows that conform to the layer, in the district's working CRS.
    accepted_rows : sequence of int
        Their row numbers in the file.
    quarantined : tuple of QuarantineRecord
        All other rows.
    repairs : tuple of Repair
        Geometries changed among the accepted.
    choices : mapping of str to str
        Every step's value: enough to do the same again.
    notes : tuple of Sentence
        Things to know.

    Raises
    ------
    DataError
        Unless accepted + quarantined = read, row by row.
    """

    layer: str
    read: int
    accepted: gpd.GeoDataFrame
    accepted_rows: Sequence[int]
    quarantined: tuple[QuarantineRecord, ...]
    repairs: tuple[Repair, ...] = ()
    choices: Mapping[str, str] | None = None
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a receipt that does not account for every row."""
        named = np.array([*self.accepted_rows, *(one.row for one in self.quarantined)])
        total = len(self.accepted) + self.quarantined_rows
        sound = (
            len(self.accepted_rows) == len(self.accepted)
            and len(np.unique(named)) == len(named)
            and total == self.read
        )
        if not sound:
            raise DataError(
                f"{self.layer}: read {self.read} rows, but accepted {len(self.accepted)}"
                f" + quarantined {self.quarantined_rows} = {total}",
                f"{self.layer}：读到 {self.read} 行，但接受 {len(self.accepted)}"
                f" + 隔离 {self.quarantined_rows} = {total}",
            )

    @property
    def quarantined_rows(self) -> int:
        """Rows quarantined, each run of lost rows counted in full."""
        return sum(one.count for one in self.quarantined)

    @property
    def summary(self) -> Text:
        """One line for people."""
        return Text(
            f"{self.layer}：读到 {self.read} 行，接受 {len(self.accepted)} 行，"
            f"隔离 {self.quarantined_rows} 行，修复 {len(self.repairs)} 个图形",
            f"{self.layer}: read {self.read}, accepted {len(self.accepted)}, "
            f"quarantined {self.quarantined_rows}, repaired {len(self.repairs)}",
        )
