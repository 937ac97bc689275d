"""`litong whatif`: try a scenario on a district, print what changes, write it."""

import json
import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.table import Table

from edits.scenario_text import scenario_from_json
from exports.comparison_book import trial_document, trial_workbook
from geo.errors import DataError
from jobs.opening import store_at
from jobs.printing import console, plain, progress_bar, show
from layers.findings import GAP_KINDS
from services.assessment import Workspace, assess
from services.comparison import Change
from services.what_if import Trial, what_if
from store.atomic import replacing, require_writable
from wording import Language, say

OUT_SUFFIXES = (".xlsx", ".json")
_MOST_BYTES = 16 * 1024 * 1024


def try_scenario(
    path: Path, file: Path, as_of: date, outs: Sequence[Path], language: Language
) -> bool:
    """
    Try a scenario and write what was asked for; return whether every step that is on fits.

    Raises
    ------
    PlanningError
        If the district, the scenario or a target cannot be used.
    """
    for out in outs:
        require_writable(out)
    workspace = Workspace.opened(store_at(path, language))
    scenario = scenario_from_json(_text_of(file), workspace.district, as_of.isoformat())
    with progress_bar(say("check.step", language)) as advance:
        before = assess(workspace, as_of, advance)
    trial = what_if(before, scenario)
    _print(trial, language)
    for out in outs:
        with replacing(out) as scratch:
            scratch.write_bytes(_written(trial, out, language))
        show("terminal.wrote", language, path=out)
    return not trial.conflicts


def _text_of(file: Path) -> bytes:
    """Return a scenario file, if it can be one."""
    try:
        size = file.stat().st_size
        if size <= _MOST_BYTES:
            return file.read_bytes()
    except OSError as error:
        raise DataError(f"{file}: cannot be read", f"{file}：无法读取") from error
    raise DataError(
        f"{file}: {size:,} bytes, a scenario has at most {_MOST_BYTES:,}",
        f"{file}：{size:,} 字节，情景文件不超过 {_MOST_BYTES:,} 字节",
    )


def _written(trial: Trial, out: Path, language: Language) -> bytes:
    if out.suffix.lower() == ".xlsx":
        return trial_workbook(trial, language)
    return json.dumps(trial_document(trial), ensure_ascii=False, indent=1).encode()


def _print(trial: Trial, language: Language) -> None:
    """Print the steps, those that do not fit with the reason, and the gaps by kind."""
    scenario, comparison = trial.scenario, trial.comparison
    if not trial.is_current:
        console().print(plain(trial.caution(language)))
    for place, step in enumerate(scenario.steps):
        show("scenario.step", language, place=place + 1, what=step.sentence(language))
        if place in trial.errors:
            error = trial.errors[place].sentence(language)
            why = say("scenario.state_conflict", language, why=error)
            console().print(plain(f"  {why}"))
        elif not step.is_on:
            console().print(plain(f"  {say('scenario.state_off', language)}"))
    console().print(_by_kind(trial, language))
    closed, opened, still = (comparison.counts[one] for one in list(Change)[:3])
    show("scenario.line", language, closed=closed, opened=opened, still=still)


def _by_kind(trial: Trial, language: Language) -> Table:
    table = Table(title=str(plain(trial.scenario.name)))
    table.add_column(say("check.kind", language))
    names = ("gaps_before", "gaps_after", "closed", "opened", "households")
    for name in names:
        table.add_column(say(f"scenario.short_{name}", language), justify="right")
    for row in trial.comparison.by_kind.to_dict("records"):
        numbers = ["—" if math.isnan(row[name]) else f"{row[name]:,.0f}" for name in names]
        table.add_row(plain(GAP_KINDS[row["gap_kind"]][language]), *numbers)
    return table
