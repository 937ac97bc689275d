"""`litong green`: what it writes and how it leaves."""

import io
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from typer.testing import CliRunner

from greening.design import completed
from greening.events import record_event
from greening.row_edits import edit_of
from greening.species import read_species
from greening.workflow import EventKind, GreeningEvent, Role, SiteStatus
from jobs.cli import app
from store import open_store


def run(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["green", *map(str, arguments), "--as-of", "2023-04-01"])
    return found.exit_code, found.output


@pytest.mark.slow
def test_it_prints_the_verdicts_and_writes_what_was_asked_for(
    tiny_folder: Path, tmp_path: Path
) -> None:
    outs = [tmp_path / name for name in ("green.xlsx", "green.gpkg", "green.csv", "green.pdf")]
    code, said = run(tiny_folder, *(word for out in outs for word in ("--out", out)))
    assert code == 0
    assert "净距不足" in said
    assert "两表取严" in said
    assert all(out.stat().st_size > 1000 for out in outs)
    assert outs[2].read_bytes().startswith("\ufeff结论编号,".encode())


@pytest.mark.slow
def test_a_conflict_ends_with_three_when_asked_for(tiny_folder: Path) -> None:
    assert run(tiny_folder, "--fail-on-conflict")[0] == 3


@pytest.mark.slow
def test_the_tables_follow_the_chosen_profile(tiny_folder: Path) -> None:
    assert "CJJ 75-97" in run(tiny_folder, "--profile", "cjj75_97", "--lang", "en")[1]


def test_another_suffix_is_a_wrongly_written_command(tiny_folder: Path, tmp_path: Path) -> None:
    assert run(tiny_folder, "--out", tmp_path / "green.docx")[0] == 2


@pytest.mark.slow
def test_the_sheets_fit_the_paper_asked_for(tiny_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheets.pdf"
    assert run(tiny_folder, "--out", out, "--paper", "A4")[0] == 0
    width, height = pypdfium2.PdfDocument(out)[0].get_size()  # points of 1/72 inch
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (297, 210)


@pytest.mark.slow
def test_a_city_without_a_design_says_so_in_a_sentence(tmp_path: Path) -> None:
    city = Path(__file__).parents[3] / "data" / "cities" / "helsinki"
    code, said = run(city, "--lang", "en", "--out", tmp_path / "h.csv")
    assert code == 0
    assert "nothing to check" in said
    code, said = run(city, "--out", tmp_path / "h.pdf")
    assert code == 1
    assert "没有可列入图册的栽植点" in said
    assert "Traceback" not in said


def test_a_district_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    code, said = run(tmp_path / "nowhere")
    assert code == 1
    assert "Traceback" not in said


@pytest.mark.slow
def test_the_events_of_the_store_are_in_the_workbook(tiny_folder: Path, tmp_path: Path) -> None:
    store = open_store(tiny_folder)
    district, payload = store.read(), {"from": "design", "to": "checked"}
    event = GreeningEvent("GS0001", EventKind.MOVE, "马工", Role.BUREAU, "2023-04-02", "v", payload)
    edit = edit_of(district, completed(district, read_species()), event)
    record_event(store, event, SiteStatus("GS0001", "design"), edit)
    assert run(tiny_folder, "--out", tmp_path / "green.xlsx")[0] == 0
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "green.xlsx").read_bytes()))
    said = [cell.value for cell in book["流程记录"][2]]
    assert said[3:5] == ["设计 → 已核查", "马工"]
    assert said[-1] == store.read().version
