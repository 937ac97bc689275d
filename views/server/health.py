"""
Whether the server can do its work: for a supervisor or proxy, who are told no more than that.

`/healthz` answers as long as the process does; `/readyz` only if the district can be read, its
journal is whole and there is room to write.
"""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from geo.errors import PlanningError
from views.session import whole_store

_LEAST_FREE_BYTES: Final = 200_000_000
_PATIENCE_S: Final = 5.0
_LOG = logging.getLogger("litong")


def checks() -> Mapping[str, bool]:
    """Return by name whether the district can be read, its journal is whole, the disk has room."""
    try:
        stamp = whole_store().stamp()
        has_district, is_whole = True, _is_whole(stamp)
    except (PlanningError, OSError):
        _LOG.exception("the district cannot be read")
        has_district = is_whole = False
    free = shutil.disk_usage(tempfile.gettempdir()).free
    return {"district": has_district, "journal": is_whole, "disk": free >= _LEAST_FREE_BYTES}


@lru_cache(maxsize=1)
def _is_whole(stamp: str) -> bool:
    """Return whether the journal passes; verified again only when the store has changed."""
    del stamp
    try:
        whole_store().verify()
    except PlanningError:
        _LOG.exception("the journal does not pass")
        return False
    return True


async def _alive(_request: Request) -> Response:
    return JSONResponse({"alive": True})


async def _ready(_request: Request) -> Response:
    return await readiness(checks)


async def readiness(
    look: Callable[[], Mapping[str, bool]], patience_s: float = _PATIENCE_S
) -> Response:
    """Return what `look` finds, 200 if all holds and else 503; also when it takes too long."""
    try:
        found = await asyncio.wait_for(asyncio.to_thread(look), patience_s)
    except TimeoutError:
        found = {"district": False}  # a database that is frozen
    ready = all(found.values())
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse({"ready": ready, **found}, status)


def routes(base: str = "") -> Sequence[Route]:
    """Return the routes below `base`, which begins with a slash, "" for the root."""
    return (
        Route(f"{base}/healthz", _alive, methods=["GET"]),
        Route(f"{base}/readyz", _ready, methods=["GET"]),
    )
