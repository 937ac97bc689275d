"""
`app.py` that prints its memory as a line of JSON when it is sent SIGUSR1; see `soak_server`.

Freed memory is given back to the system first, so that resident memory is what is in use.
"""

import ctypes
import gc
import json
import runpy
import signal
import sys
from pathlib import Path
from types import FrameType

from streamlit.runtime import Runtime

from views.cache import BUDGET
from views.server.uploads import kept_bytes

_C = ctypes.CDLL("libc.so.6")
APP = Path(__file__).resolve().parents[1] / "app.py"


class _Allocated(ctypes.Structure):
    """``struct mallinfo2`` of the GNU C library."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd",
            "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    )  # fmt: skip


_C.mallinfo2.restype = _Allocated


def _tell(_signal: int, _frame: FrameType | None) -> None:
    gc.unfreeze()
    gc.collect()
    _C.malloc_trim(0)
    allocated = _C.mallinfo2()
    told = {
        "objects": len(gc.get_objects()),
        "heap_mb": (allocated.uordblks + allocated.hblkhd) / 1e6,
        "blocks": sys.getallocatedblocks(),
        "cached_mb": BUDGET.used_bytes / 1e6,
        "sessions": len(Runtime.instance()._session_mgr.list_sessions()),  # noqa: SLF001
        "uploads": kept_bytes(),
    }
    gc.freeze()
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, _tell)
    runpy.run_path(str(APP), run_name="__main__")
