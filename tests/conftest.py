"""What every test shares: the quick set, the number of examples, the demonstration districts."""

import gc
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

import demo
from layers.district import District
from store import write_district

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system that has no disk to wait for
_ROOM_BYTES = 4e9

settings.register_profile("quick", max_examples=5, deadline=None)
settings.register_profile("ci", max_examples=40, deadline=None, print_blob=True)
# `--hypothesis-profile thorough`, for whoever changes what the properties are about.
settings.register_profile("thorough", max_examples=100, deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "quick")


def pytest_configure() -> None:
    """Keep temporary files in memory where there is room: a store waits for the disk."""
    gc.disable()  # until all is imported and collected, of which nothing is garbage
    if _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was imported and collected: it would go through it all."""
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run named files in one process: two would take longer to start than most files to pass."""
    named = [Path(word.split("::", maxsplit=1)[0]) for word in config.args]
    return 0 if all(path.is_file() for path in named) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests were left out, and how to run them."""
    left_out = len(terminalreporter.stats.get("deselected", ()))
    chosen = terminalreporter.config.option.markexpr
    if left_out and chosen:
        terminalreporter.write_line(
            f"{left_out} tests left out by -m {chosen!r}; `make test` runs them all"
        )


@pytest.fixture(scope="session")
def tiny_demo() -> District:
    """Return the smallest demonstration district: two estates, every layer that is surveyed."""
    return demo.district("tiny")


@pytest.fixture(scope="session")
def full_demo() -> District:
    """Return the demonstration district: the twenty estates of the plan."""
    return demo.district()


@pytest.fixture(scope="session")
def kept_tiny_demo(tiny_demo: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the smallest demonstration district; no test may write to it."""
    folder = tmp_path_factory.mktemp("tiny") / "district"
    write_district(tiny_demo, folder)
    return folder


@pytest.fixture
def tiny_folder(kept_tiny_demo: Path, tmp_path: Path) -> Path:
    """Return a folder with the smallest demonstration district, the test's own."""
    return Path(shutil.copytree(kept_tiny_demo, tmp_path / "tiny"))
