"""Sheets: what a workbook hides, merges or has lost, and whose it is."""

from collections.abc import Mapping, Sequence

from intake.proposal import SHOWN, Candidate, Proposal
from intake.reading import Cell, MergedCells
from layers.spec import LayerSpec
from wording import Text

APART, EACH = "apart", "each"
KEEP, QUARANTINE = "keep", "quarantine"
_ADDING_UNITS = frozenset({"户", "人", "m²", "元", "件", "处", "个", "株"})
"""Units of columns that add up: a number merged over rows may be their sum; a year is not."""


def shared(
    spec: LayerSpec, mapping: Mapping[str, str], merged: Sequence[MergedCells]
) -> tuple[MergedCells, ...]:
    """Return the merged numbers that rows could share: those of mapped columns that add up."""
    adding = {
        heading for name, heading in mapping.items() if spec.column(name).unit in _ADDING_UNITS
    }
    return tuple(cells for cells in merged if cells.heading in adding)


def propose_merged(merged: Sequence[MergedCells]) -> Proposal | None:
    """Ask whose numbers merged over several rows are; None where there are none."""
    if not merged:
        return None
    named = "、".join(f"{c.heading} {c.first}–{c.last}" for c in merged[:SHOWN])
    question = Text(
        f"合并单元格中的数（{named}）是各行合计，还是每行各是此数？",
        f"Are the numbers merged over several rows ({named}) of all rows together, or of each?",
    )
    offers = (
        Candidate(APART, Text("各行合计：不填入各行", "of all together: no row takes them"), 0.6),
        Candidate(EACH, Text("每行各是此数", "of each row"), 0.4),
    )
    return Proposal("merged", question, offers)


def propose_hidden(hidden: Sequence[int]) -> Proposal | None:
    """Ask whether rows are taken that nobody sees in the sheet; None where there are none."""
    if not hidden:
        return None
    named = "、".join(map(str, hidden[:SHOWN])) + ("…" if len(hidden) > SHOWN else "")
    question = Text(
        f"表中有 {len(hidden)} 行被隐藏或筛选掉（{named}），是否一并导入？",
        f"{len(hidden)} rows are hidden or filtered away in the sheet ({named}): take them?",
    )
    offers = (
        Candidate(KEEP, Text("与其他行一并导入", "take them like the others"), 0.5),
        Candidate(QUARANTINE, Text("隔离", "quarantine them"), 0.5),
    )
    return Proposal("hidden", question, offers)


def propose_formats(*, has_formats: bool) -> Proposal | None:
    """Ask whether numbers are taken as they are stored; None where it is known how they show."""
    if has_formats:
        return None
    question = Text(
        "工作簿的单元格格式已损坏，不知道哪些数本来显示为百分比、带单位或前导零：是否按存储的数导入？",
        "The cell formats of the workbook are lost, so nobody knows which numbers it showed as "
        "percent, with a unit or with leading zeros: take them as stored?",
    )
    offers = (
        Candidate(KEEP, Text("按存储的数导入", "take them as stored"), 0.5),
        Candidate(QUARANTINE, Text("隔离", "quarantine them"), 0.5),
    )
    return Proposal("formats", question, offers)


def without(
    columns: Mapping[str, Sequence[Cell]], merged: Sequence[MergedCells], rows: Sequence[int]
) -> dict[str, Sequence[Cell]]:
    """Return the columns with nothing in the rows that a merged number covers."""
    found = dict(columns)
    for cells in merged:
        covered = [cells.first <= row <= cells.last for row in rows]
        found[cells.heading] = [
            None if is_covered else cell
            for cell, is_covered in zip(found[cells.heading], covered, strict=True)
        ]
    return found
