"""The child's entry: a job on standard input, fences up, the answer on standard output."""

import json
import mimetypes
import os
import sys


def main() -> int:
    """Read the job, raise the fences, read the files, answer; return the exit status."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not print into the answer
    job = json.load(sys.stdin)
    from intake.child import fences  # noqa: PLC0415 - after the copy of standard output

    mimetypes.init([])  # openpyxl asks for them; no list of the system's is read
    fences.raise_all(job["limits"], job["scratch"], job["root"])
    from intake.child.job import run  # noqa: PLC0415 - only behind the fences

    run(job, stream)
    stream.close()
    return 0
