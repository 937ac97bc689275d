"""
A scenario tried: as a workbook, and as plain JSON values.

Both hold the same: the steps in words, gaps by kind and by estate, and every finding that changes.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from openpyxl import Workbook

from exports.archive import dated
from exports.cover_sheet import write_cover
from exports.json_table import records
from exports.table_sheet import write_table
from layers.column import Column, DType
from layers.findings import COLUMNS, GAP_KINDS, UNIT_LABELS, named_column
from services.comparison import CHANGE_LABELS, SIDES
from services.what_if import Trial
from wording import LANGUAGES, Language, Text, say, text

_FINDING = {column.name: column for column in COLUMNS}
_TOLD = ("degree", "value", "unit", "threshold", "statement", "exposed_households", "witness_name")


def _column(
    name: str, dtype: DType, label: Text, codes: Mapping[str, Text] | None = None
) -> Column:
    return Column(name, dtype, label.zh, label.en, codes=codes)


_STEP_COLUMNS = (
    _column("place", "int", Text("序号", "no.")),
    _column("what", "str", text("scenario.steps")),
    _column("state", "str", text("scenario.is_on")),
)
_COUNTS = tuple(
    _column(name, "int", text(f"scenario.{name}"))
    for name in ("gaps_before", "gaps_after", "closed", "opened")
)
_KIND_COLUMNS = (
    _column("gap_kind", "str", text("check.kind"), GAP_KINDS),
    *_COUNTS,
    _column("households", "float", text("scenario.households")),
    _column("elders", "float", text("scenario.elders")),
)
_ESTATE_COLUMNS = (
    _FINDING["estate_id"],
    _FINDING["estate"],
    *_COUNTS,
)


def trial_workbook(trial: Trial, language: Language = "zh") -> bytes:
    """
    Return a scenario tried as the bytes of an .xlsx workbook, the same for the same trial.

    Parameters
    ----------
    trial : Trial
        What was tried.
    language : {"zh", "en"}, default "zh"
        Of everything.
    """
    comparison, workbook = trial.comparison, Workbook(write_only=True)
    district = comparison.before.workspace.district
    cover = workbook.create_sheet(say("workbook.cover", language))
    facts = list(_facts(trial, language))
    title = say("scenario.title", language)
    write_cover(cover, title, facts, language, marked=district.is_synthetic)
    sheets = (
        ("scenario.steps", pd.DataFrame(_steps(trial, language)), _STEP_COLUMNS),
        ("scenario.kinds", comparison.by_kind, _KIND_COLUMNS),
        ("scenario.estates", comparison.by_estate, _ESTATE_COLUMNS),
        ("scenario.changes", comparison.changes, change_columns(language)),
    )
    for name, table, columns in sheets:
        sums = [c.name for c in columns if c in _COUNTS]  # one household may count in two kinds
        sheet = workbook.create_sheet(say(name, language))
        own = table.reindex(columns=[c.name for c in columns])
        write_table(sheet, own, columns, language=language, sums=sums)
    out = io.BytesIO()
    workbook.save(out)
    return dated(out.getvalue(), comparison.after.as_of.isoformat())


def trial_document(trial: Trial) -> dict[str, Any]:
    """
    Return a scenario tried as plain JSON values.

    Values and limits are in the unit of each rule; what nobody knows is null, and what no walk
    reaches is the text ``"unreachable"``.
    """
    comparison = trial.comparison
    district = comparison.before.workspace.district
    conflicts = {
        place: {side: error.sentence(side) for side in LANGUAGES}
        for place, error in trial.errors.items()
    }
    return {
        "scenario": trial.scenario.name,
        "note": trial.scenario.note,
        "district": district.label["zh"],
        "is_synthetic": district.is_synthetic,
        "version": district.version,
        "made_on": trial.scenario.version,
        "is_current": trial.is_current,
        "as_of": comparison.after.as_of.isoformat(),
        "counts": {str(change): count for change, count in comparison.counts.items()},
        "steps": [
            {
                "what": {side: step.sentence(side) for side in LANGUAGES},
                "is_on": step.is_on,
                "conflict": conflicts.get(place),
            }
            for place, step in enumerate(trial.scenario.steps)
        ],
        "by_kind": records(comparison.by_kind),
        "by_estate": records(comparison.by_estate),
        "changes": records(comparison.changes, infinite="unreachable"),
    }


def change_columns(language: Language) -> tuple[Column, ...]:
    """Return the columns of the table of changes that people get in a language."""
    facts = ("estate", named_column("town", language), "gap_kind", f"item_{language}")
    names = (*facts, f"metric_{language}", named_column("department", language))
    return (
        _column("change", "str", text("scenario.change"), CHANGE_LABELS),
        *(_FINDING[name] for name in names),
        *(_side(name, side) for name in (*_TOLD, f"reason_{language}") for side in SIDES),
        _FINDING["rule_id"],
    )


def _side(name: str, side: str) -> Column:
    """Return a column of the findings as it was before or after."""
    own = _FINDING[name]
    label = Text(*(say(f"scenario.column_{side}", one, label=own.label(one)) for one in LANGUAGES))
    codes = UNIT_LABELS if name == "unit" else own.codes
    return _column(f"{name}_{side}", own.dtype, label, codes)


def _facts(trial: Trial, language: Language) -> Iterator[tuple[str, object]]:
    """Yield what the cover says."""
    comparison = trial.comparison
    district, book = comparison.before.workspace.district, comparison.before.workspace.book
    yield say("scenario.name", language), trial.scenario.name
    if trial.scenario.note:
        yield say("scenario.note", language), trial.scenario.note
    yield say("scenario.nature", language), say("scenario.assumed", language)
    yield say("workbook.district", language), district.label[language]
    yield say("workbook.version", language), district.version
    if not trial.is_current:
        yield say("scenario.caution", language), trial.caution(language)
    yield say("workbook.as_of", language), comparison.after.as_of.isoformat()
    yield say("workbook.rulebook", language), book.version
    for change, count in comparison.counts.items():
        yield say(f"scenario.{change}", language), count


def _steps(trial: Trial, language: Language) -> list[dict[str, object]]:
    """Return the rows of the sheet of steps."""
    rows: list[dict[str, object]] = []
    for place, step in enumerate(trial.scenario.steps):
        state = say("scenario.state_on" if step.is_on else "scenario.state_off", language)
        if place in trial.errors:
            why = trial.errors[place].sentence(language)
            state = say("scenario.state_conflict", language, why=why)
        rows.append({"place": place + 1, "what": step.sentence(language), "state": state})
    return rows
