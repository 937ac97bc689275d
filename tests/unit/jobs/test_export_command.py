"""`litong export`: one file or several, and what could not be held is told."""

import re
import zipfile

import pytest
import typer
from typer.testing import CliRunner

import answer_key
from jobs.export_command import export_command
from store import read_district, write_district


@pytest.fixture
def litong():
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(export_command)

    def run(*words):
        result = CliRunner().invoke(app, [str(word) for word in words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return run


@pytest.mark.slow
def test_several_forms_go_into_a_folder_named_by_district_and_version(
    tiny_folder, tmp_path, litong
):
    target = tmp_path / "out"
    target.mkdir()
    code, out = litong(tiny_folder, "--to", "gpkg", "--to", "template", "--out", target)
    version = read_district(tiny_folder).version[:8]
    assert code == 0, out
    names = {path.name for path in target.iterdir()}
    assert names == {f"litong-demo-{version}.gpkg", f"litong-demo-{version}.template.xlsx"}
    assert read_district(target / f"litong-demo-{version}.gpkg")["estates"]["name"].notna().all()


@pytest.mark.slow
def test_what_a_form_cannot_hold_is_told(tmp_path, litong):
    # supplies planted to the square centimetre
    write_district(answer_key.build("tiny").district, tmp_path / "known")
    words = ("--to", "shp", "--out", tmp_path / "a.zip", "--lang", "en")
    code, out = litong(tmp_path / "known", *words)
    assert code == 0, out
    assert re.search(r"facilities\.floor_area_m2: \d+ values? rounded to 3 decimals", out)
    assert "estates.shp" in zipfile.ZipFile(tmp_path / "a.zip").namelist()


def test_several_forms_into_one_file_are_refused(tiny_folder, tmp_path, litong):
    code, out = litong(tiny_folder, "--to", "shp", "--to", "gpkg", "--out", tmp_path / "a.zip")
    assert code == 2
    assert "several forms" in " ".join(out.split())  # wherever the lines break


def test_a_form_that_does_not_exist_is_a_wrong_command(tiny_folder, tmp_path, litong):
    assert litong(tiny_folder, "--to", "dwg", "--out", tmp_path)[0] == 2


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_to_is_one_sentence(tiny_folder, tmp_path, litong):
    code, out = litong(tiny_folder, "--to", "xlsx", "--out", tmp_path / "none" / "a.xlsx")
    assert code == 1
    assert "none" in out
