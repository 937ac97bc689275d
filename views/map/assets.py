"""
What the browser may fetch besides the page: modules, legends, figures, and dossiers of estates.

Routes are outside any login, so an address is a capability: only what this process published is
served. The name of a body, or of a set of modules, is the SHA-256 of what it says; a lazy endpoint,
whose parts are made when they are asked for, has a URL prefix that cannot be guessed. Nothing is
looked up on disk. Addresses are relative to the page, so that they hold behind a prefix.

Nothing here keeps a district or its findings: bodies and parts are in the cache that all sessions
share, an endpoint knows what it makes parts of by a weak reference. What was dropped is not found,
and the browser then lets the page run anew, which publishes it again (`static/mount.js`).
"""

import gzip
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, Literal, TypeAlias, TypeVar
from weakref import ref

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from views.cache import SharedCache

Kind: TypeAlias = Literal["js", "json"]

MEDIA: Final[Mapping[Kind, str]] = {
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
}
_ENDPOINTS_KEPT = 5_000  # each a key and a weak reference
_GZIP_LEVEL = 6
_ROW_DIGITS = 9

T = TypeVar("T")
PartMaker: TypeAlias = Callable[[T, str], bytes | None]
"""Makes a part of something by its name, None where there is none. Any thread may call it."""


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
    source : weakref.ref
        What the parts are made of.
    make : PartMaker
        Makes a part; it refers to `source` by its argument alone.
    kind : {"js", "json"}
        What the parts are.
    is_kept : bool
        Whether a part is made once and kept, or anew each time.
    """

    source: ref[Any]
    make: PartMaker[Any]
    kind: Kind
    is_kept: bool

    def body(self, name: str) -> bytes | None:
        """Return the part called `name`, None if there is none, or nothing to make it of."""
        source = self.source()
        return None if source is None else self.make(source, name)


_SHARED: Final = SharedCache[Asset]("asset", lambda asset: len(asset.body))


class AssetCache:
    """
    Published bodies, modules and lazy endpoints.

    Parameters
    ----------
    assets : SharedCache, optional
        Where bodies and parts are kept; modules stay, they are the program's own.
    endpoints_kept : int
        Endpoints; those bound longest ago are dropped.
    """

    def __init__(
        self, assets: SharedCache[Asset] = _SHARED, endpoints_kept: int = _ENDPOINTS_KEPT
    ) -> None:
        self._assets = assets
        self._modules: dict[str, Mapping[str, Asset]] = {}
        self._endpoints: OrderedDict[str, LazyEndpoint] = OrderedDict()
        self._endpoints_kept = endpoints_kept
        self._secret = secrets.token_bytes(32)
        self._lock = Lock()

    def publish(self, body: bytes, kind: Kind) -> str:
        """Keep `body` and return its address."""
        name = f"{hashlib.sha256(body).hexdigest()}.{kind}"
        self._assets.get((name, ""), lambda: Asset.compressed(body, kind))
        return f"geo/{name}"

    def publish_modules(self, modules: Mapping[str, bytes]) -> str:
        """Keep modules that import one another for ever; return the prefix their names follow."""
        digest = hashlib.sha256()
        for name, body in sorted(modules.items()):
            digest.update(f"{name}\n{len(body)}\n".encode() + body)
        prefix = digest.hexdigest()
        if prefix not in self._modules:
            made = {name: Asset.compressed(body, "js") for name, body in modules.items()}
            self._modules[prefix] = made
        return f"geo/{prefix}/"

    def bind(
        self,
        key: tuple[object, ...],
        source: T,
        make: PartMaker[T],
        kind: Kind,
        *,
        is_kept: bool = False,
    ) -> str:
        """
        Let parts be made of `source`, as long as anybody keeps it; return their names' prefix.

        Equal keys (by their `repr`) have equal prefixes as long as the process lives, also after
        the endpoint was dropped and bound again.
        """
        prefix = hmac.digest(self._secret, repr(key).encode(), "sha256").hex()
        with self._lock:
            self._endpoints[prefix] = LazyEndpoint(ref(source), make, kind, is_kept)
            self._endpoints.move_to_end(prefix)
            while len(self._endpoints) > self._endpoints_kept:
                self._endpoints.popitem(last=False)
        return f"geo/{prefix}/"

    def find(self, name: str) -> Asset | None:
        """Return what was published as `name`, None if nothing was."""
        return self._assets.find((name, ""))

    def has_modules(self, prefix: str) -> bool:
        """Return whether modules follow `prefix`: the program's own, with nothing of a district."""
        return prefix in self._modules

    def part(self, prefix: str, name: str) -> Asset | None:
        """Return a module or the part of a lazy endpoint; None where there is no such one."""
        if prefix in self._modules:
            return self._modules[prefix].get(name)
        endpoint = self._endpoints.get(prefix)
        if endpoint is None:
            return None
        try:
            if endpoint.is_kept:  # thirty browsers ask for one layer at once: made for the first
                return self._assets.get((prefix, name), lambda: _compressed_part(endpoint, name))
            body = endpoint.body(name)
            return None if body is None else Asset(body, MEDIA[endpoint.kind], is_compressed=False)
        except _NoPartError:
            return None


class _NoPartError(LookupError):
    """There is no part of this name, or nothing to make it of any more."""


def _compressed_part(endpoint: LazyEndpoint, name: str) -> Asset:
    body = endpoint.body(name)
    if body is None:
        raise _NoPartError
    return Asset.compressed(body, endpoint.kind)


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
