"""
What the browser may fetch besides the page: scripts and states under the digest of their content.

Routes stand outside any login, so an address is a capability: only content published by this
process is served, and its name is the SHA-256 of what it says. Nothing is looked up on disk.
"""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MEDIA: Final = {"js": "text/javascript; charset=utf-8", "json": "application/json"}
_KEPT = 400
_GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Published:
    """One body, compressed once."""

    packed: bytes
    media: str


class Shelf:
    """Published bodies by name; the least recently used give way, pinned ones stay."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._bodies: OrderedDict[str, Published] = OrderedDict()
        self._pinned: dict[str, Published] = {}
        self._kept = kept
        self._lock = Lock()

    def publish(self, body: bytes, kind: Literal["js", "json"], *, pinned: bool = False) -> str:
        """Keep `body` and return its address."""
        name = f"{hashlib.sha256(body).hexdigest()}.{kind}"
        with self._lock:
            if name in self._pinned:
                return f"/geo/{name}"
            known = self._bodies.pop(name, None)
            packed = known or Published(gzip.compress(body, _GZIP_LEVEL, mtime=0), MEDIA[kind])
            (self._pinned if pinned else self._bodies)[name] = packed
            while len(self._bodies) > self._kept:
                self._bodies.popitem(last=False)
        return f"/geo/{name}"

    def find(self, name: str) -> Published | None:
        """Return what was published as `name`, None if nothing was."""
        with self._lock:
            if name in self._bodies:
                self._bodies.move_to_end(name)
            return self._pinned.get(name) or self._bodies.get(name)


SHELF: Final = Shelf()
"""The one shelf of this process: the page publishes, the route serves."""


async def _serve(request: Request) -> Response:
    found = SHELF.find(request.path_params["name"])
    if found is None:
        return Response("not found", status_code=404, headers={"Cache-Control": "no-store"})
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, media_type=found.media, headers=headers)
    return Response(gzip.decompress(found.packed), media_type=found.media, headers=headers)


ROUTES: Final = (Route("/geo/{name}", _serve, methods=["GET"]),)
