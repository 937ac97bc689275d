"""
Fences: what the child takes away from itself before it opens a file.

Limits of memory, processor time and output; no new privileges; a network name space of its own;
Landlock, so that the kernel refuses every path but Python's own and the private folder; an audit
hook for what Python itself would do. Each fence that the system lacks (Windows, an old kernel) is
left out; the names of those that stand are returned, and a test asks for them where they can be.
"""

import ctypes
import os
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork",
                     "shutil.rmtree", "webbrowser.")  # fmt: skip
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_FS_READ, _FS_FILE_READ, _FS_WRITE_BITS = 0b1100, 0b0100, 0x7FF2


def raise_all(limits: dict[str, int], scratch: str, root: str) -> list[str]:
    """Raise every fence this system knows; return their names."""
    standing = []
    if sys.platform != "win32":
        _limit(limits)
        standing.append("limits")
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
            standing.append("network")
        # After unshare, which changes credentials and with them forgets this signal.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if _landlock(libc, _readable(root), scratch):
            standing.append("files")
    sys.addaudithook(_refuse)
    return standing


def _limit(limits: dict[str, int]) -> None:
    import resource  # noqa: PLC0415 - there is none on Windows

    def at_most(kind: int, amount: int, grace: int = 0) -> None:
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            amount, grace = min(amount, hard), min(grace, hard - min(amount, hard))
        resource.setrlimit(kind, (amount, amount + grace))

    at_most(resource.RLIMIT_AS, limits["memory_mb"] * 2**20)
    # At the first limit the signal says why; at the second the kernel just kills.
    at_most(resource.RLIMIT_CPU, limits["cpu_s"], grace=1)
    at_most(resource.RLIMIT_FSIZE, limits["output_mb"] * 2**20)
    at_most(resource.RLIMIT_NOFILE, 256)
    at_most(resource.RLIMIT_CORE, 0)


def _readable(root: str) -> Iterable[str]:
    """Paths Python and its libraries need; of the project only this room, never its data."""
    yield str(Path(root) / "intake")
    yield from (path for path in sys.path if path != root)
    yield from (sys.prefix, sys.base_prefix, "/lib", "/lib64", "/usr/lib", "/usr/local/lib")
    yield from ("/dev/null", "/dev/urandom", "/proc/self/maps", "/proc/meminfo", "/proc/cpuinfo")


def _landlock(libc: Any, readable: Iterable[str], scratch: str) -> bool:  # noqa: ANN401
    """Have the kernel refuse every other path (and TCP); return whether that is in force."""
    abi = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if abi < 1:
        return False
    handled = 0x1FFF | (0x2000 if abi >= 2 else 0) | (0x4000 if abi >= 3 else 0)  # noqa: PLR2004
    attributes = struct.pack("QQ", handled, 3 if abi >= 4 else 0)  # noqa: PLR2004
    size = 16 if abi >= 4 else 8  # noqa: PLR2004
    ruleset = libc.syscall(_LANDLOCK_CREATE, attributes, size, 0)
    if ruleset < 0:
        return False
    for path in readable:
        _allow(libc, ruleset, path, _FS_READ if Path(path).is_dir() else _FS_FILE_READ)
    _allow(libc, ruleset, scratch, _FS_READ | (_FS_WRITE_BITS & handled))
    done = bool(libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0)
    os.close(ruleset)
    return done


def _allow(libc: Any, ruleset: int, path: str, access: int) -> None:  # noqa: ANN401
    if not Path(path).exists():
        return
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", access, handle), 0)
    os.close(handle)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook: nothing here connects, starts or removes, whatever a library is talked into."""
    foreign = event == "ctypes.dlopen" and sys.platform == "linux" and not _is_own(args)
    if foreign or event.startswith(_FORBIDDEN_EVENTS):
        raise PermissionError(f"{event} is not allowed while a file is read")


def _is_own(args: tuple[Any, ...]) -> bool:
    """Return whether a library is Python's own or its packages'."""
    name = str(args[0]) if args else ""
    return name in ("", "None") or name.startswith((sys.prefix, sys.base_prefix))
