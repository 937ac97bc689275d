"""`litong serve --config`: its keys are the options, a mistake is one sentence, the line wins."""

import pytest
import typer
from typer.testing import CliRunner

from geo.errors import DataError
from jobs import serving
from jobs.cli import app
from jobs.serve_file import KEYS, read_serve_file

NOT_FOR_A_FILE = {"config", "help"}


def written(tmp_path, text):
    path = tmp_path / "litong.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_keys_are_the_options_of_the_command():
    parameters = typer.main.get_command(app).commands["serve"].params
    names = {parameter.name.replace("_", "-") for parameter in parameters}
    assert set(KEYS) == names - NOT_FOR_A_FILE


def test_paths_are_beside_the_file_and_others_stay(tmp_path):
    text = 'district = "d"\naccess = "/etc/a.toml"\nport = 80\nallow-host = ["a", "b"]\n'
    found = read_serve_file(written(tmp_path, text))
    assert str(found["district"]) == str(tmp_path / "d")
    assert str(found["access"]) == "/etc/a.toml"
    assert (found["port"], found["allow_host"]) == (80, ["a", "b"])


@pytest.mark.parametrize(
    ("text", "key", "found", "expected"),
    [
        ('port = "80"', "port", "'80'", "1 to 65535"),
        ("port = true", "port", "True", "1 to 65535"),
        ("port = 0", "port", "0", "1 to 65535"),
        ("port = 65536", "port", "65536", "1 to 65535"),
        ("port = 80.0", "port", "80.0", "whole number"),
        ('allow-host = "a"', "allow-host", "'a'", "list"),
        ('allow-host = ["a", 1]', "allow-host", "1", "list"),
        ('lang = "fr"', "lang", "'fr'", "zh or en"),
        ("[log]\nfile = 1", "log", "{'file': 1}", "text"),
        ("base_path = 'x'", "base_path", "no option", "base-path"),
        ("port =", "litong.toml", "Invalid", "TOML"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path, text, key, found, expected):
    path = written(tmp_path, text)
    with pytest.raises(DataError) as caught:
        read_serve_file(path)
    for language in ("zh", "en"):
        sentence = caught.value.sentence(language)
        assert "\n" not in sentence
        assert str(path) in sentence
        assert key in sentence
    assert found in caught.value.en
    assert expected in caught.value.en


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.toml"):
        read_serve_file(tmp_path / "nowhere.toml")


@pytest.fixture
def served(monkeypatch):
    calls = []
    monkeypatch.setattr(serving, "serve_district", lambda *told: calls.append(told))
    return calls


def test_the_command_line_wins_even_where_it_says_the_default(tmp_path, served):
    text = 'district = "d"\nport = 9000\nhost = "0.0.0.0"\nbase-path = "/litong/"\nlang = "en"\n'
    path = str(written(tmp_path, text))
    assert CliRunner().invoke(app, ["serve", "--config", path, "--port", "8501"]).exit_code == 0
    folder, settings, language, access = served[0]
    assert (folder, language, access) == (tmp_path / "d", "en", None)
    assert (settings.port, settings.host, settings.base_path) == (8501, "0.0.0.0", "litong")  # noqa: S104
    assert CliRunner().invoke(app, ["serve", str(tmp_path), "--config", path]).exit_code == 0
    assert served[1][0] == tmp_path
    assert served[1][1].port == 9000


def test_a_mistake_in_the_file_ends_the_command_with_the_sentence(tmp_path, served):
    path = str(written(tmp_path, 'prot = 80\nlang = "en"\n'))
    found = CliRunner().invoke(app, ["serve", "--config", path, "--lang", "en"])
    assert found.exit_code == 1
    assert "prot" in found.output
    assert served == []


def test_a_log_that_cannot_be_written_is_said(tiny_folder, tmp_path):
    log = str(tmp_path / "nowhere" / "litong.log")
    found = CliRunner().invoke(app, ["serve", str(tiny_folder), "--log", log, "--port", "1"])
    assert found.exit_code == 1
