"""Places that cannot be written: as another user, or as an administrator without that power."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
_LESS_POWER = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")

IS_POSSIBLE = sys.platform == "linux" and (os.getuid() != 0 or bool(shutil.which("setpriv")))
"""Whether a process can be kept from writing here."""


@contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """Take the right to write away from a folder and its files."""
    inside = [folder, *folder.iterdir()]
    modes = {path: path.stat().st_mode for path in inside}
    for path in inside:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield folder
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def run(*words: object) -> tuple[int, str]:
    """Run a `litong` command that may not override the rights of files; return code and output."""
    power = _LESS_POWER if os.getuid() == 0 else ()
    code = "from jobs.cli import main; main()"
    command = [*power, sys.executable, "-B", "-c", code, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return done.returncode, done.stdout + done.stderr
