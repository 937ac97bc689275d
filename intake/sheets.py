"""Sheets: what a workbook hides, merges or has lost, and whose it is."""

import re
from collections.abc import Iterator, Mapping, Sequence

from intake.letters import comparable
from intake.magnitude import NUMBERS
from intake.proposal import SHOWN, Candidate, Proposal
from intake.reading import SURVEY_FORMATS, Cell, DeliveredTable, MergedCells
from intake.vocabulary import title_words
from layers.spec import LayerSpec
from wording import Text

APART, EACH = "apart", "each"
KEEP, QUARANTINE = "keep", "quarantine"
_QUARANTINE_THEM = Text("隔离", "quarantine them")
_FORM_LINE = re.compile(r"^[^:]{1,12}:")  # 填报单位：拆迁办
_NOTE = re.compile(r"^[(]?(注|备注|说明)")
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
    keep = Text("与其他行一并导入", "take them like the others")
    return _keep_or_quarantine("hidden", question, keep, _QUARANTINE_THEM)


def propose_title(
    spec: LayerSpec, mapping: Mapping[str, str], table: DeliveredTable
) -> Proposal | None:
    """
    Ask whether numbers are what is there now, where the title says of which state or part they are.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    mapping : mapping of str to str
        Column to heading; without a column of numbers there is nothing to ask.
    table : DeliveredTable
        With the lines around it; the name of a sheet is a title too.
    """
    has_numbers = any(spec.column(name).dtype in NUMBERS for name in mapping)
    said = tuple(_titles(table)) if has_numbers and table.format in SURVEY_FORMATS else ()
    if not said:
        return None
    named = "；".join(said[:SHOWN])
    question = Text(
        f"表题或表注写着“{named}”：表中的数是现状吗？",
        f"The title or a note says {named}: are the numbers what is there now?",
    )
    keep = Text("是现状，照此导入", "they are: take them")
    leave = Text("不是：隔离", "they are not: quarantine them")
    return _keep_or_quarantine("title", question, keep, leave)


def _titles(table: DeliveredTable) -> Iterator[str]:
    """Yield the lines around a table that say of which state or part it is."""
    for line in dict.fromkeys((table.name, *table.remarks)):
        text = re.sub(r"\s+", "", comparable(line))
        is_form = _FORM_LINE.match(text) and not _NOTE.match(text)
        if not is_form and any(word in text for word in title_words()):
            yield line.strip()


def propose_formats(*, has_formats: bool) -> Proposal | None:
    """Ask whether numbers are taken as they are stored; None where it is known how they show."""
    if has_formats:
        return None
    question = Text(
        "工作簿的单元格格式已损坏，不知道哪些数本来显示为百分比、带单位或前导零：是否按存储的数导入？",
        "The cell formats of the workbook are lost, so nobody knows which numbers it showed as "
        "percent, with a unit or with leading zeros: take them as stored?",
    )
    keep = Text("按存储的数导入", "take them as stored")
    return _keep_or_quarantine("formats", question, keep, _QUARANTINE_THEM)


def _keep_or_quarantine(step: str, question: Text, keep: Text, leave: Text) -> Proposal:
    """Return a question about rows of which the table itself does not say whether they count."""
    offers = (Candidate(KEEP, keep, 0.5), Candidate(QUARANTINE, leave, 0.5))
    return Proposal(step, question, offers)


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
