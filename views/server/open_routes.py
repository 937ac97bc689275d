"""
What the gate lets through, by method and path: all else is not found, whatever Streamlit serves.

Closed of what Streamlit 1.67 has: metrics, the agent's interface, script health, log-in, components
in frames, and any path of a page that there is none of.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_READ: Final = frozenset({"GET", "HEAD"})
_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DIGEST: Final = "[0-9a-f]{64}"
_FILE: Final = r"[\w-][\w.-]*"

UPLOAD: Final = frozenset({"PUT", "DELETE"})
_FORM: Final = frozenset({"GET", "HEAD", "POST"})
CHANGING: Final = UPLOAD | {"POST"}
STREAM: Final = "/_stcore/stream"
"""The websocket of a page."""


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """
    Paths that are let through.

    Attributes
    ----------
    path : re.Pattern
        Of the whole path, without the base path.
    methods : frozenset of str
        Those that are let through.
    is_stored : bool
        Whether the answer says itself if a browser may store it; otherwise none may.
    is_public : bool
        Whether it is answered to whoever has not signed in.
    is_page : bool
        Whether a person goes there: who has not signed in is led to where one does.
    """

    path: re.Pattern[str]
    methods: frozenset[str] = _READ
    is_stored: bool = False
    is_public: bool = False
    is_page: bool = False


def open_routes(
    pages: Iterable[str], base: str = "", *, has_accounts: bool = False
) -> Sequence[OpenRoute]:
    """
    Return every route that is open.

    Parameters
    ----------
    pages : iterable of str
        Addresses of the pages below `base`, "" for the first.
    base : str, default ""
        Path under which everything is; it begins with a slash, "" for the root.
    has_accounts : bool, default False
        Whether one signs in.
    """
    names = "|".join(re.escape(page) for page in pages)

    def route(path: str, methods: frozenset[str] = _READ, **more: bool) -> OpenRoute:
        return OpenRoute(re.compile(re.escape(base) + path, re.ASCII), methods, **more)

    return (
        route(f"/(?:{names})", is_page=True),
        *([route("", is_page=True)] if base else []),  # without its last slash it is led on
        route("/(?:healthz|readyz)", is_public=True),
        *([route("/(?:login|logout)", _FORM, is_public=True)] if has_accounts else []),
        route("/_stcore/(?:health|host-config)"),
        route(rf"/media/[0-9a-f]+\.{_FILE}"),
        route(f"/_stcore/upload_file/{_UUID}/{_UUID}", UPLOAD),
        route("/favicon.png", is_stored=True),
        route(f"/static/(?:{_FILE}/)*{_FILE}", is_stored=True),
        route(rf"/geo/{_DIGEST}(?:\.{_FILE}|/{_FILE})", is_stored=True),
    )


def find_route(routes: Sequence[OpenRoute], method: str, path: str) -> OpenRoute | None:
    """Return the route that lets `method` through to `path`, None if none does."""
    return next((r for r in routes if method in r.methods and r.path.fullmatch(path)), None)
