"""
What the browser may fetch besides the page: scripts, states, and the dossiers of estates.

Routes stand outside any login, so an address is a capability: only what this process published is
served. A body's name is the SHA-256 of what it says; a sheaf, whose pages are made when they are
asked for, has a name that nobody can guess. Nothing is looked up on disk.
"""

import gzip
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MEDIA: Final = {"js": "text/javascript; charset=utf-8", "json": "application/json"}
_KEPT = 400
_SHEAVES_KEPT = 60
_GZIP_LEVEL = 6

PageMaker = Callable[[int], bytes | None]
"""Makes the JSON of a page by its number, None where there is none. Any thread may call it."""


@dataclass(frozen=True, slots=True)
class Published:
    """One body, compressed once."""

    packed: bytes
    media: str


class Shelf:
    """Published bodies and sheaves; the least recently used give way, pinned bodies stay."""

    def __init__(self, kept: int = _KEPT, sheaves_kept: int = _SHEAVES_KEPT) -> None:
        self._bodies: OrderedDict[str, Published] = OrderedDict()
        self._names: OrderedDict[Hashable, str] = OrderedDict()
        self._sheaves: dict[str, PageMaker] = {}
        self._sheaves_kept = sheaves_kept
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

    def bind(self, key: Hashable, make: PageMaker) -> str:
        """Keep `make` as the sheaf of `key` and return the address its page numbers follow."""
        with self._lock:
            name = self._names.pop(key, None)
            if name is None:
                name = secrets.token_hex(32)
                self._sheaves[name] = make
            self._names[key] = name
            while len(self._names) > self._sheaves_kept:
                del self._sheaves[self._names.popitem(last=False)[1]]
        return f"/geo/{name}/"

    def page(self, name: str, number: int) -> bytes | None:
        """Make a page of the sheaf bound as `name`; None where there is no such sheaf or page."""
        make = self._sheaves.get(name)
        return make(number) if make else None


SHELF: Final = Shelf()
"""The one shelf of this process: the page publishes, the route serves."""


async def _serve(request: Request) -> Response:
    found = SHELF.find(request.path_params["name"])
    if found is None:
        return _NOT_FOUND
    if "gzip" in request.headers.get("accept-encoding", ""):
        packed = {**_HEADERS, "Content-Encoding": "gzip"}
        return Response(found.packed, media_type=found.media, headers=packed)
    return Response(gzip.decompress(found.packed), media_type=found.media, headers=_HEADERS)


def _serve_page(request: Request) -> Response:
    """Serve a page of a sheaf; no coroutine, so that Starlette makes it in a thread of its own."""
    body = SHELF.page(request.path_params["name"], request.path_params["number"])
    if body is None:
        return _NOT_FOUND
    return Response(body, media_type=MEDIA["json"], headers=_HEADERS)


_HEADERS: Final = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}
_NOT_FOUND: Final = Response("not found", status_code=404, headers={"Cache-Control": "no-store"})

ROUTES: Final = (
    Route("/geo/{name}", _serve, methods=["GET"]),
    Route("/geo/{name}/{number:int}", _serve_page, methods=["GET"]),
)
