# ruff: noqa: E501, S311, T201 - tables are written out; chance is seeded; a script prints
"""
Survey tables as offices write them, with known truth, and how many are taken wrong unasked.

``python -m tests.trials.survey_tables [COUNT]`` makes tables of five known estates from a fixed
seed, each with a few habits (units in headings, in a row or above the table, qualifiers, merged and
hidden cells, formats, other spellings, shuffled columns), takes each in and prints what came of it.
A table is silently wrong if a value is accepted that differs from the truth although nobody was
asked about its column. Where questions are open they are answered as somebody who knows would.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from intake import sandbox
from intake.acceptance import accept
from intake.draft import ImportDraft
from intake.keys import NAME
from intake.reading import DeliveryReading
from tests.unit.intake import known

SEED = 2023
MOST_QUESTIONS = 3
COLUMNS = ("households", "floor_area_m2", "budget_yuan", "built_year", "lit_share")


@dataclass
class Sheet:
    """
    A table in the making.

    Attributes
    ----------
    names : list of str
        Of the estates, as they are spelt.
    columns : dict of str to (str, list)
        By column of the layer: heading and cells as written.
    extra : list of (str, list)
        Headings of other things.
    above, below : list of str
        Lines around the table.
    units : dict of str to str
        The row of units, by column.
    formats : dict of str to str
        Number format by column.
    truth : dict of str to list
        By column the values meant; None where the cell says nothing usable.
    answers : dict of str to str
        By step, what somebody who knows would say.
    merged, hidden : list
        Columns whose first two cells are merged; rows, from 0, that are hidden.
    habits : list of str
        What was done.
    """

    names: list[str]
    columns: dict[str, tuple[str, list[object]]]
    truth: dict[str, list[object]]
    extra: list[tuple[str, list[object]]] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    habits: list[str] = field(default_factory=list)


Habit = Callable[[Sheet, random.Random], None]


def plain(chance: random.Random) -> Sheet:
    """Return a table of the estates: figures a little newer than those known."""
    frame = known.estates()
    values: dict[str, list[object]] = {
        "households": [n + chance.randint(-5, 9) for n in frame["households"]],
        "floor_area_m2": [round(a * chance.uniform(0.9, 1.2), 1) for a in frame["floor_area_m2"]],
        "budget_yuan": [round(y * chance.uniform(0.8, 1.5), -2) for y in frame["budget_yuan"]],
        "built_year": frame["built_year"].tolist(),
        "lit_share": [round(s * chance.uniform(0.8, 1.1), 2) for s in frame["lit_share"]],
    }
    wanted = chance.sample(COLUMNS, chance.randint(2, 5))
    headings = {
        "households": ("户数", "总户数", "居民户数", "基本情况/户数"),
        "floor_area_m2": ("建筑面积", "总建筑面积", "建筑总面积"),
        "budget_yuan": ("总投资", "估算投资", "投资估算"),
        "built_year": ("建成年份", "建成年代", "建造年份"),
        "lit_share": ("照明覆盖道路比例",),
    }
    columns = {
        name: (chance.choice(headings[name]), list(values[name]))
        for name in COLUMNS
        if name in wanted
    }
    return Sheet(frame["name"].tolist(), columns, {name: values[name] for name in columns})


def _scale(sheet: Sheet, chance: random.Random) -> tuple[str, str, float] | None:
    """Put one column into another unit; return column, unit and factor."""
    choices = [
        (name, unit, factor)
        for name, unit, factor in (
            ("floor_area_m2", "万m2", 1e4), ("floor_area_m2", "万㎡", 1e4), ("floor_area_m2", "万平方米", 1e4),
            ("floor_area_m2", "千平方米", 1e3), ("floor_area_m2", "公顷", 1e4), ("budget_yuan", "万元", 1e4),
            ("budget_yuan", "百万元", 1e6), ("lit_share", "%", 0.01), ("lit_share", "‰", 0.001),
        )
        if name in sheet.columns and name not in sheet.units
    ]  # fmt: skip
    if not choices:
        return None
    name, unit, factor = chance.choice(choices)
    heading, cells = sheet.columns[name]
    sheet.columns[name] = heading, [round(float(str(cell)) / factor, 8) for cell in cells]
    sheet.units[name] = ""  # taken; written where the habit says
    return name, unit, factor


def unit_in_heading(sheet: Sheet, chance: random.Random) -> None:
    """Write the unit into the heading, in one of many ways."""
    if found := _scale(sheet, chance):
        name, unit, _ = found
        heading, cells = sheet.columns[name]
        form = chance.choice(
            (
                "{0}（{1}）",
                "{0}({1})",
                "{0}[{1}]",
                "{0}（单位：{1}）",
                "{0}，单位：{1}",
                "（{1}）{0}",
                "{0}{1}",
                "{0} {1}",
            )
        )
        sheet.columns[name] = form.format(heading, unit), cells


def unit_row(sheet: Sheet, chance: random.Random) -> None:
    """Write the unit into a row under the headings."""
    if found := _scale(sheet, chance):
        sheet.units[found[0]] = chance.choice(("{}", "（{}）", "[{}]")).format(found[1])


def unit_line(sheet: Sheet, chance: random.Random) -> None:
    """Write the unit above or below the table."""
    if found := _scale(sheet, chance):
        lines = chance.choice((sheet.above, sheet.below))
        lines.append(chance.choice(("单位：{}", "（单位：{}）", "注：单位为{}")).format(found[1]))


def unit_forgotten(sheet: Sheet, chance: random.Random) -> None:
    """Write it nowhere."""
    if found := _scale(sheet, chance):
        name, unit, _ = found
        plain_unit = {"万m2": "万m²", "万㎡": "万m²", "万平方米": "万m²", "千平方米": "千m²"}
        sheet.answers[f"unit:{name}"] = plain_unit.get(unit, unit)


def other_things(sheet: Sheet, chance: random.Random) -> None:
    """Add columns of other things beside, or instead of, those of the layer."""
    headings = (
        "非居民户数",
        "拆除建筑面积",
        "户数（空置）",
        "未改造面积",
        "占地面积",
        "绿化面积",
        "地下建筑面积",
        "拆迁涉及户数",
        "备注",
        "联系人",
        "所属社区",
        "楼栋数",
    )
    for heading in chance.sample(headings, chance.randint(1, 3)):
        sheet.extra.append((heading, [chance.randint(1, 30) for _ in sheet.names]))
    if chance.random() < 0.5:
        for name in ("households", "floor_area_m2"):
            sheet.columns.pop(name, None)
            sheet.truth.pop(name, None)


def half_understood(sheet: Sheet, chance: random.Random) -> None:
    """Qualify a heading in a way that only somebody who knows the table understands."""
    name = chance.choice([n for n in ("households", "floor_area_m2") if n in sheet.columns] or [""])
    if not name or f"column:{name}" in sheet.answers:
        return
    bare = {"households": "户数", "floor_area_m2": "建筑面积"}[name]
    heading = chance.choice(
        ("一期{}", "{}（2023年）", "改造前{}", "改造后{}", "{}（含附属）", "新{}", "统计口径{}")
    )
    cells = sheet.columns[name][1]
    sheet.columns[name] = heading.format(bare), cells
    sheet.answers[f"column:{name}"] = heading.format(bare)


def twice(sheet: Sheet, chance: random.Random) -> None:
    """Write a heading twice, with other cells under the second."""
    if "households" in sheet.columns and "column:households" not in sheet.answers:
        heading, cells = sheet.columns["households"]
        sheet.extra.append((heading, [chance.randint(1, 30) for _ in cells]))
        sheet.answers["column:households"] = heading


def percent_cells(sheet: Sheet, chance: random.Random) -> None:
    """Format the share in percent."""
    if "lit_share" in sheet.columns and "lit_share" not in sheet.units:
        heading, cells = sheet.columns["lit_share"]
        sheet.columns["lit_share"] = chance.choice((heading, f"{heading}(%)")), cells
        sheet.formats["lit_share"], sheet.units["lit_share"] = "0.0%", ""


def unit_in_format(sheet: Sheet, chance: random.Random) -> None:
    """Let the number format say the unit."""
    if found := _scale(sheet, chance):
        sheet.formats[found[0]] = f'0.00"{found[1]}"'
        if found[1] in {"%", "‰"}:
            sheet.formats[found[0]] = '0.00"%"' if found[1] == "%" else '0.00"‰"'


def spellings(sheet: Sheet, chance: random.Random) -> None:
    """Spell the names otherwise."""
    ways: tuple[Callable[[str], str], ...] = (
        " ".join, lambda n: n + "\u200b", lambda n: "　" + n,
        lambda n: n.replace("#", "＃"), lambda n: n.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    )  # fmt: skip
    sheet.names = [chance.choice(ways)(name) for name in sheet.names]


def odd_years(sheet: Sheet, chance: random.Random) -> None:
    """Write years that are none."""
    if "built_year" in sheet.columns:
        heading, cells = sheet.columns["built_year"]
        at = chance.randrange(len(cells))
        cells[at] = chance.choice(("1990-1995", "2000年以前", "1998年改造", "80年代", "不早于1990"))
        for name in sheet.truth:
            sheet.truth[name] = [None if i == at else v for i, v in enumerate(sheet.truth[name])]
        sheet.columns["built_year"] = heading, cells


def years_in_words(sheet: Sheet, chance: random.Random) -> None:
    """Write years with a word or a month."""
    if "built_year" in sheet.columns and "odd_years" not in sheet.habits:
        heading, cells = sheet.columns["built_year"]
        form = chance.choice(("{}年", "{}年建成", "{}-06", "{}.6", "{}年6月"))
        sheet.columns["built_year"] = heading, [form.format(cell) for cell in cells]


def merged_numbers(sheet: Sheet, chance: random.Random) -> None:
    """Merge a number over the first two estates, of which it is the sum."""
    names = [
        n for n in ("households", "budget_yuan") if n in sheet.columns and n not in sheet.units
    ]
    if not names:
        return
    name = chance.choice(names)
    sheet.columns[name][1][1] = None
    sheet.truth[name] = [None, None, *sheet.truth[name][2:]]
    sheet.merged.append(name)
    sheet.units[name] = ""
    sheet.answers["merged"] = "apart"


def hidden_row(sheet: Sheet, chance: random.Random) -> None:
    """Hide a row that is not to be taken."""
    at = chance.randrange(len(sheet.names))
    sheet.hidden.append(at)
    sheet.truth = {
        n: [None if i == at else v for i, v in enumerate(vs)] for n, vs in sheet.truth.items()
    }
    sheet.answers["hidden"] = "quarantine"


def thousands(sheet: Sheet, _: random.Random) -> None:
    """Write numbers as text with thousands."""
    if "budget_yuan" in sheet.columns and "budget_yuan" not in sheet.units:
        heading, cells = sheet.columns["budget_yuan"]
        sheet.units["budget_yuan"] = ""
        sheet.columns["budget_yuan"] = (
            heading,
            [c if c is None else f"{float(str(c)):,.0f}" for c in cells],
        )


def furniture(sheet: Sheet, chance: random.Random) -> None:
    """Put a title above and a totals row and a footnote below."""
    sheet.above.insert(0, chance.choice(("2023年老旧小区改造计划表", "附件2 小区情况统计表")))
    sheet.below.append(chance.choice(("填表人：张三", "注：数据截至2023年6月")))


HABITS: tuple[Habit, ...] = (
    unit_in_heading, unit_row, unit_line, unit_forgotten, other_things, half_understood, twice, percent_cells,
    unit_in_format, spellings, odd_years, years_in_words, merged_numbers, hidden_row, thousands, furniture,
)  # fmt: skip


def made(number: int) -> Sheet:
    """Return one table of the set: every habit leads in its turn, two or three more come by chance."""
    chance = random.Random(SEED * 1000 + number)
    sheet = plain(chance)
    lead = HABITS[number % len(HABITS)]
    others = chance.sample([habit for habit in HABITS if habit is not lead], chance.randint(1, 2))
    for habit in (lead, *others):
        habit(sheet, chance)
        sheet.habits.append(habit.__name__)
    return sheet


def write(sheet: Sheet, path: Path, chance: random.Random) -> None:
    """Write a table as a workbook, its columns in any order."""
    columns = _columns(sheet, chance)
    book = openpyxl.Workbook()
    page = book.active
    for line in sheet.above:
        page.append([line])
    page.append([heading for _, heading, _ in columns])
    if any(sheet.units.values()):
        page.append([sheet.units.get(name, "") or None for name, _, _ in columns])
    first = page.max_row + 1
    for at in range(len(sheet.names)):
        page.append([cells[at] for _, _, cells in columns])
    _dress(sheet, page, columns, first)
    for line in sheet.below:
        page.append([line])
    book.save(path)


def _columns(sheet: Sheet, chance: random.Random) -> list[tuple[str, str, list[object]]]:
    """Return the columns in any order, that of the names first."""
    columns = [("", "小区名称", list[object](sheet.names))]
    columns += [(name, heading, cells) for name, (heading, cells) in sheet.columns.items()]
    columns += [("", heading, cells) for heading, cells in sheet.extra]
    lead, *rest = columns
    chance.shuffle(rest)
    if any(heading == other for _, heading, _ in rest for other, _ in sheet.extra):
        rest.sort(key=lambda column: column[0] == "")  # the first of two alike is the one meant
    return [lead, *rest]


def _dress(
    sheet: Sheet, page: Worksheet, columns: list[tuple[str, str, list[object]]], first: int
) -> None:
    """Format, merge and hide the cells below the headings; `first` is their first row."""
    for j, (name, _, _) in enumerate(columns, 1):
        if name in sheet.formats:
            for i in range(first, first + len(sheet.names)):
                page.cell(i, j).number_format = sheet.formats[name]
        if name in sheet.merged:
            page.merge_cells(start_row=first, end_row=first + 1, start_column=j, end_column=j)
    for at in sheet.hidden:
        page.row_dimensions[first + at].hidden = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a table: the questions asked, and the values taken wrong without one."""

    habits: tuple[str, ...]
    questions: tuple[str, ...]
    unknown_answers: tuple[str, ...]
    silently_wrong: tuple[str, ...]


def outcome(sheet: Sheet, reading: DeliveryReading) -> Outcome:
    """Take a table in, answering what is asked, and compare every value with the truth."""
    draft = known.draft(reading.tables[0])
    questions: list[str] = []
    odd: list[str] = []
    while draft.questions:
        step = draft.questions[0].step
        if step in questions:
            odd.append(step)
            break
        questions.append(step)
        answer = _answer(sheet, draft, step)
        if answer is None:
            odd.append(step)
            break
        draft = draft.choose(step, answer)
    wrong = () if draft.questions else tuple(_wrong(sheet, draft))
    return Outcome(tuple(sheet.habits), tuple(questions), tuple(odd), wrong)


def _answer(sheet: Sheet, draft: ImportDraft, step: str) -> str | None:
    """Return what somebody who knows the table answers, None if it is not on offer."""
    defaults = {"key": NAME, "merged": "each", "hidden": "keep", "encoding": "utf-8"}
    default = defaults.get(step, "")
    if step.startswith("unit:"):
        default = draft.spec.column(step.removeprefix("unit:")).unit
    answer = sheet.answers.get(step, default)
    if step.startswith("column:") and step in sheet.answers:  # with the unit that came to it
        name = step.removeprefix("column:")
        answer = next(h for h in draft.columns if h.startswith(sheet.columns[name][0]))
    offered = {candidate.value for candidate in draft.proposal(step).candidates}
    return answer if answer in offered else None


def _wrong(sheet: Sheet, draft: ImportDraft) -> list[str]:
    """Return the values that were accepted and are not the truth."""
    accepted = accept(draft).accepted.set_index("name")
    found = []
    for name in COLUMNS:
        truth: Mapping[str, object] = dict(
            zip(known.NAMES, sheet.truth.get(name, []), strict=False)
        )
        for estate, value in accepted[name].items():
            meant = truth.get(str(estate))
            if pd.isna(value):
                continue
            if meant is None or abs(float(value) - float(str(meant))) > 1e-6 * abs(
                float(str(meant))
            ):
                found.append(f"{name} of {estate}: {value}, meant {meant}")
    return found


def run(count: int, read: Callable[[Path], DeliveryReading], folder: Path) -> list[Outcome]:
    """Make, write, read and take `count` tables."""
    found = []
    for number in range(count):
        sheet, path = made(number), folder / f"{number}.xlsx"
        write(sheet, path, random.Random(number))
        found.append(outcome(sheet, read(path)))
    return found


def main() -> None:
    """Print what came of the tables, one line each where something did."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 96
    with tempfile.TemporaryDirectory() as folder:
        found = run(count, sandbox.read, Path(folder))
    for number, one in enumerate(found):
        if one.silently_wrong or one.unknown_answers or len(one.questions) > MOST_QUESTIONS:
            print(number, one)
    asked = Counter(len(one.questions) for one in found)
    wrong = sum(bool(one.silently_wrong) for one in found)
    print(
        f"{count} tables, {wrong} silently wrong, questions a table: {dict(sorted(asked.items()))}"
    )


if __name__ == "__main__":
    main()
