"""`litong lifts`: where lifts fit beside the stair units of a district."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.table import Table

from exports.lift_book import lifts_document, lifts_package, lifts_workbook
from jobs.opening import store_at
from jobs.printing import console, plain, progress_bar, show
from services.assessment import Workspace, assess
from services.lifts import DistrictLifts, district_lifts
from store.atomic import replacing, require_writable
from wording import Language, say

OUT_SUFFIXES = (".json", ".xlsx", ".gpkg")


def place_lifts(path: Path, as_of: date, outs: Sequence[Path], language: Language) -> None:
    """
    Try every place beside every stair unit that asks for a lift; print and write the answers.

    Raises
    ------
    PlanningError
        If the district or a target cannot be used.
    """
    for out in outs:
        require_writable(out)
    workspace = Workspace.opened(store_at(path, language))
    with progress_bar(say("check.step", language)) as advance:
        assessment = assess(workspace, as_of, advance)
    found = district_lifts(assessment)
    _print(found, language)
    for out in outs:
        _write(found, out, language)
        show("terminal.wrote", language, path=out)


def _write(found: DistrictLifts, out: Path, language: Language) -> None:
    if out.suffix.lower() == ".gpkg":
        lifts_package(found, out)
        return
    with replacing(out) as scratch:
        if out.suffix.lower() == ".xlsx":
            scratch.write_bytes(lifts_workbook(found, language))
        else:
            document = lifts_document(found)
            scratch.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


def _print(found: DistrictLifts, language: Language) -> None:
    """Print the answers by estate, and what they are."""
    counts = found.counts()
    if not counts["asked"]:
        show("lifts.none", language)
        return
    table = Table(title=say("lifts.title", language))
    table.add_column(say("check.estate", language))
    names = ("asked", "feasible", "conditional", "unknown", "not_feasible")
    for name in names:
        entry = "asked_count" if name == "asked" else name
        table.add_column(say(f"lifts.{entry}", language), justify="right")
    for row in found.estates.to_dict("records"):
        table.add_row(plain(row["estate"]), *(f"{row[name]:,}" for name in names))
    console().print(table)
    show("lifts.line", language, **counts)
    show("lifts.note", language)
