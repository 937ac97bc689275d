"""
What the browser may fetch besides the page: modules, legends, figures, and dossiers of estates.

Routes are outside any login, so an address is a capability: only what this process published is
served. The name of a body, or of a set of modules, is the SHA-256 of what it says; a lazy endpoint,
whose parts are made when they are asked for, has a URL prefix that cannot be guessed. Nothing is
looked up on disk. Addresses are relative to the page, so that they hold behind a prefix.
"""

import gzip
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Literal, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Kind: TypeAlias = Literal["js", "json"]

MEDIA: Final[Mapping[Kind, str]] = {
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
}
_KEPT = 400
_ENDPOINTS_KEPT = 60
_KEEPING_ENDPOINTS_KEPT = 200  # a layer each: some ten districts
_GZIP_LEVEL = 6
_ROW_DIGITS = 9

PartMaker: TypeAlias = Callable[[str], bytes | None]
"""Makes a part by its name, None where there is none. Any thread may call it."""


def row_named(name: str, rows: int) -> int | None:
    """Return the row, of so many, that the name of a part says; None if it says none of them."""
    row = int(name) if name.isdecimal() and len(name) <= _ROW_DIGITS else rows
    return row if row < rows else None


@dataclass(frozen=True, slots=True)
class Asset:
    """One body as it is sent, compressed once or not at all."""

    body: bytes
    media: str
    is_compressed: bool

    @classmethod
    def compressed(cls, body: bytes, kind: Kind) -> "Asset":
        """Return `body` as an asset that is kept compressed."""
        return cls(gzip.compress(body, _GZIP_LEVEL, mtime=0), MEDIA[kind], is_compressed=True)

    def plain(self) -> bytes:
        """Return the body as it was published."""
        return gzip.decompress(self.body) if self.is_compressed else self.body


@dataclass(frozen=True, slots=True)
class LazyEndpoint:
    """
    Parts that are made when they are asked for.

    Attributes
    ----------
    make : PartMaker
        Makes a part.
    kind : {"js", "json"}
        What the parts are.
    keeps : bool
        Whether a part is made once and kept, or anew each time.
    """

    make: PartMaker
    kind: Kind
    keeps: bool
    _kept: dict[str, Asset] = field(default_factory=dict)
    _making: Lock = field(default_factory=Lock)

    def part(self, name: str) -> Asset | None:
        """Return the part called `name`, None if there is none."""
        if not self.keeps:
            body = self.make(name)
            return None if body is None else Asset(body, MEDIA[self.kind], is_compressed=False)
        with self._making:  # thirty browsers ask for one layer at once; it is made for the first
            if name not in self._kept:
                body = self.make(name)
                if body is None:
                    return None
                self._kept[name] = Asset.compressed(body, self.kind)
            return self._kept[name]


class AssetCache:
    """Published bodies and lazy endpoints; the least recently used are dropped, modules stay."""

    def __init__(self, kept: int = _KEPT, endpoints_kept: int = _ENDPOINTS_KEPT) -> None:
        self._bodies: OrderedDict[str, Asset] = OrderedDict()
        self._modules: dict[str, LazyEndpoint] = {}
        self._endpoints: dict[bool, OrderedDict[str, LazyEndpoint]]
        self._endpoints = {keeps: OrderedDict() for keeps in (False, True)}
        self._kept = kept
        self._endpoints_kept = {False: endpoints_kept, True: _KEEPING_ENDPOINTS_KEPT}
        self._secret = secrets.token_bytes(32)
        self._lock = Lock()

    def publish(self, body: bytes, kind: Kind) -> str:
        """Keep `body` and return its address."""
        name = f"{hashlib.sha256(body).hexdigest()}.{kind}"
        with self._lock:
            known = self._bodies.get(name)
            self._bodies[name] = known or Asset.compressed(body, kind)
            self._bodies.move_to_end(name)
            while len(self._bodies) > self._kept:
                self._bodies.popitem(last=False)
        return f"geo/{name}"

    def publish_modules(self, modules: Mapping[str, bytes]) -> str:
        """Keep modules that import one another for ever; return the prefix their names follow."""
        digest = hashlib.sha256()
        for name, body in sorted(modules.items()):
            digest.update(f"{name}\n{len(body)}\n".encode() + body)
        name = digest.hexdigest()
        with self._lock:
            self._modules.setdefault(name, LazyEndpoint(modules.get, "js", keeps=True))
        return f"geo/{name}/"

    def bind(
        self, key: tuple[object, ...], make: PartMaker, kind: Kind, *, keeps: bool = False
    ) -> str:
        """
        Keep `make` as the lazy endpoint of `key` and return the prefix its parts' names follow.

        Equal keys (by their `repr`) have equal prefixes as long as the process lives, also after
        the endpoint was dropped and bound again.
        """
        prefix = hmac.digest(self._secret, repr(key).encode(), "sha256").hex()
        endpoints = self._endpoints[keeps]
        with self._lock:
            endpoints.setdefault(prefix, LazyEndpoint(make, kind, keeps))
            endpoints.move_to_end(prefix)
            while len(endpoints) > self._endpoints_kept[keeps]:
                endpoints.popitem(last=False)
        return f"geo/{prefix}/"

    def find(self, name: str) -> Asset | None:
        """Return what was published as `name`, None if nothing was."""
        with self._lock:
            if name in self._bodies:
                self._bodies.move_to_end(name)
            return self._bodies.get(name)

    def has_modules(self, prefix: str) -> bool:
        """Return whether modules follow `prefix`: the program's own, with nothing of a district."""
        return prefix in self._modules

    def part(self, prefix: str, name: str) -> Asset | None:
        """Return a module or the part of a lazy endpoint; None where there is no such one."""
        places = (self._modules, *self._endpoints.values())
        endpoint = next((place[prefix] for place in places if prefix in place), None)
        return endpoint.part(name) if endpoint else None


ASSETS: Final = AssetCache()
"""The one cache of this process: the page publishes, the routes serve."""


def _serve(request: Request) -> Response:
    return _response(request, ASSETS.find(request.path_params["name"]), _NOT_STORED)


def _serve_part(request: Request) -> Response:
    """Serve a part; no coroutine, so that Starlette makes it in a thread of its own."""
    prefix, name = request.path_params["prefix"], request.path_params["name"]
    stored = _STORED if ASSETS.has_modules(prefix) else _NOT_STORED
    return _response(request, ASSETS.part(prefix, name), stored)


def _response(request: Request, asset: Asset | None, stored: str) -> Response:
    if asset is None:
        return _NOT_FOUND
    headers = {"Cache-Control": stored, "Vary": "Accept-Encoding"}
    if asset.is_compressed and "gzip" in request.headers.get("accept-encoding", ""):
        headers = {**headers, "Content-Encoding": "gzip"}
        return Response(asset.body, media_type=asset.media, headers=headers)
    return Response(asset.plain(), media_type=asset.media, headers=headers)


_STORED, _NOT_STORED = "private, max-age=31536000, immutable", "no-store"
_NOT_FOUND: Final = Response("not found", status_code=404, headers={"Cache-Control": _NOT_STORED})


def routes(base: str = "") -> Sequence[Route]:
    """Return the routes below `base`, which begins with a slash, "" for the root."""
    return (
        Route(f"{base}/geo/{{name}}", _serve, methods=["GET"]),
        Route(f"{base}/geo/{{prefix}}/{{name}}", _serve_part, methods=["GET"]),
    )
