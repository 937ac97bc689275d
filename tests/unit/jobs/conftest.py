"""The command run as a planner runs it, and a small district to run it on."""

from dataclasses import dataclass

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
