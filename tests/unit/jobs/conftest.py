"""The command run as a planner runs it, and a small district to run it on."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from jobs import cli


@dataclass(frozen=True)
class Ran:
    """What one run of the command left: its exit code, what it printed, what it complained."""

    code: int
    out: str
    err: str


@pytest.fixture
def litong(capsys, monkeypatch, tmp_path):
    """Return a function that runs `litong` with arguments, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(int(left.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """Return a folder with the tiny demonstration district, written once."""
    from jobs.demonstration import write_demonstration  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("tiny") / "district"
    write_demonstration(folder, "tiny", 2023, "en")
    return folder


@pytest.fixture
def tiny(tiny_folder, tmp_path):
    """Return a copy of it that a test may spoil."""
    return Path(shutil.copytree(tiny_folder, tmp_path / "tiny"))
