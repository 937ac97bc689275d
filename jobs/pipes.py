"""`litong pipes`: what the pipes of a district are held against."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.table import Table

from atlas.section_book import sections_pdf
from exports.pipe_book import pipes_document, pipes_package, pipes_workbook, summed_up
from jobs.opening import store_at
from jobs.printing import console, plain, progress_bar, show
from services.assessment import Workspace, assess
from services.pipes import CHECK_NAMES, VERDICTS, DistrictPipes, district_pipes
from store.atomic import replacing, require_writable
from wording import Language, say

OUT_SUFFIXES = (".json", ".xlsx", ".gpkg", ".pdf")


def check_pipes(path: Path, as_of: date, outs: Sequence[Path], language: Language) -> None:
    """
    Hold every pipe against its neighbours, buildings and rules; print and write the answers.

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
    found = district_pipes(assessment)
    _print(found, language)
    for out in outs:
        _write(found, out, language)
        show("terminal.wrote", language, path=out)


def _write(found: DistrictPipes, out: Path, language: Language) -> None:
    if out.suffix.lower() == ".gpkg":
        pipes_package(found, out)
        return
    with replacing(out) as scratch:
        if out.suffix.lower() == ".xlsx":
            scratch.write_bytes(pipes_workbook(found, language))
        elif out.suffix.lower() == ".pdf":
            scratch.write_bytes(sections_pdf(found, language))
        else:
            document = pipes_document(found)
            scratch.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


def _print(found: DistrictPipes, language: Language) -> None:
    """Print the answers by check and kind, and what they are."""
    if not len(found.pieces):
        show("pipes.none", language)
        return
    table = Table(title=say("pipes.title", language))
    for head in ("check", "subject"):
        table.add_column(say(f"pipes.{head}", language))
    for verdict in VERDICTS:
        table.add_column(say(f"pipes.rows_{verdict}", language), justify="right")
    names = ["check", f"subject_{language}"]
    counts = [f"rows_{verdict}" for verdict in VERDICTS]
    sums = found.summary.groupby(names, sort=False)[counts].sum().reset_index()
    for row in sums.to_dict("records"):
        said = CHECK_NAMES[row["check"]][language]
        table.add_row(said, plain(row[names[1]]), *(f"{row[name]:,}" for name in counts))
    console().print(table)
    for line in summed_up(found, language).splitlines():
        console().print(plain(line))
    show("pipes.note", language)
