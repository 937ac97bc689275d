"""`litong site`: where new facilities of a kind should stand, whom they cover, and who is left."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd
from rich.table import Table

from edits.scenario_text import scenario_to_json
from exports.siting_book import (
    REASONS,
    siting_document,
    siting_package,
    siting_workbook,
    why_none,
)
from jobs.opening import store_at
from jobs.printing import console, plain, progress_bar, show
from layers.facilities import KINDS
from services.assessment import Workspace, assess
from services.siting import DistrictSiting, scenario_of, site
from siting.posing import Wish
from store.atomic import replacing, require_writable
from wording import Language, say

OUT_SUFFIXES = (".json", ".xlsx", ".gpkg")


def site_facilities(
    path: Path,
    wish: Wish,
    as_of: date,
    outs: Sequence[Path],
    scenario: Path | None,
    language: Language,
) -> bool:
    """
    Site facilities, print and write the answer; return whether there is one.

    Raises
    ------
    PlanningError
        If the district, the wish or a target cannot be used.
    """
    for out in (*outs, *filter(None, [scenario])):
        require_writable(out)
    workspace = Workspace.opened(store_at(path, language))
    with progress_bar(say("check.step", language)) as advance:
        assessment = assess(workspace, as_of, advance)
    found = site(assessment, wish)
    _print(found, language)
    for out in outs:
        _write(found, out, language)
        show("terminal.wrote", language, path=out)
    if scenario is not None and found.has_answer:
        made = scenario_of(found, scenario.stem, language)
        with replacing(scenario) as scratch:
            scratch.write_text(scenario_to_json(made), "utf-8")
        show("terminal.wrote", language, path=scenario)
    return found.has_answer


def _write(found: DistrictSiting, out: Path, language: Language) -> None:
    if out.suffix.lower() == ".gpkg":
        siting_package(found, out)
        return
    with replacing(out) as scratch:
        if out.suffix.lower() == ".xlsx":
            scratch.write_bytes(siting_workbook(found, language))
        else:
            document = siting_document(found)
            scratch.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


def _print(found: DistrictSiting, language: Language) -> None:
    """Print the sites chosen, who stays uncovered and why, and what else has to be known."""
    kind = KINDS[found.standard.kind][language]
    if not len(found.sites):
        show("siting.no_candidates", language)
    if found.is_unsurveyed:
        show("siting.unsurveyed", language, kind=kind)
    if found.unknown_doors:
        show("siting.unknown_doors", language, n=found.unknown_doors)
    if found.has_answer:
        console().print(_chosen(found, language))
        show(
            "siting.line",
            language,
            limit=found.standard.limit_m,
            before=found.before,
            after=found.after,
            all=found.households,
            n=len(found.chosen),
        )
        entry = "siting.gap" if found.solved.gap else "siting.proven"
        show(entry, language, gap=found.solved.gap)
    else:
        show("siting.infeasible", language)
        for reason in why_none(found, language):
            console().print(plain(f"  {reason}"))
    if len(found.left):
        console().print(_left(found, language))


def _chosen(found: DistrictSiting, language: Language) -> Table:
    table = Table(title=say("siting.title", language, kind=KINDS[found.standard.kind][language]))
    table.add_column(say("siting.site", language))
    _add_numbers(table, ("price", "estates", "households", "longest"), language)
    for row in found.chosen.to_dict("records"):
        name = row["name"] if isinstance(row["name"], str) else ""
        mark = say("siting.generated", language) if row["is_generated"] else name
        numbers = (row["price_yuan"], row["estates"], row["households"], row["longest_m"])
        table.add_row(plain(f"{row['candidate_id']} {mark}"), *map(_figure, numbers))
    return table


def _left(found: DistrictSiting, language: Language) -> Table:
    table = Table(title=say("siting.left", language))
    table.add_column(say("check.estate", language))
    _add_numbers(table, ("uncovered",), language)
    for heading in ("siting.reason", "siting.nearest_site"):
        table.add_column(say(heading, language), overflow="fold")
    _add_numbers(table, ("walk",), language)
    for row in found.left.to_dict("records"):
        table.add_row(
            plain(row["estate"]),
            _figure(row["households"]),
            REASONS[row["reason"]][language],
            plain(row["candidate_id"] or "—"),
            _figure(row["walk_m"]),
        )
    return table


def _add_numbers(table: Table, names: Sequence[str], language: Language) -> None:
    side: Literal["right"] = "right"
    for name in names:
        table.add_column(say(f"siting.{name}", language), justify=side)


def _figure(value: float) -> str:
    return "—" if pd.isna(value) or value == float("inf") else f"{value:,.0f}"
