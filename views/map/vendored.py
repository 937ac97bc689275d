"""
The scripts that come with us: Leaflet, checked against its manifest, and our own map client.

Whatever is not in the manifest, or differs from its digest there, is refused.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from geo.errors import StoreError

STATIC = Path(__file__).with_name("static")
_GLUE = ("mount.js", "standalone.js")  # what ties the client to the page, and to a file


@lru_cache(maxsize=8)
def vendored(name: str) -> bytes:
    """
    Return a vendored file, e.g. ``"leaflet-1.9.4/leaflet.js"``.

    Raises
    ------
    StoreError
        If the manifest does not list it, or its digest differs.
    """
    manifest = json.loads((STATIC / "vendor" / "manifest.json").read_bytes())
    digests = {file["path"]: file["sha256"] for pack in manifest for file in pack["files"]}
    body = (STATIC / "vendor" / name).read_bytes() if name in digests else b""
    if hashlib.sha256(body).hexdigest() != digests.get(name):
        raise StoreError(
            f"vendored file {name} is not the one its manifest lists",
            f"内置文件 {name} 与清单不符",
        )
    return body


@lru_cache(maxsize=1)
def client_modules() -> Mapping[str, bytes]:
    """Return the ES modules of the map client by file name; ``client.js`` imports the others."""
    return {
        path.name: path.read_bytes()
        for path in sorted(STATIC.glob("*.js"))
        if path.name not in _GLUE
    }


@lru_cache(maxsize=1)
def style_sheet() -> str:
    """Return Leaflet's style sheet and ours, without the icons that it names and we do not use."""
    leaflet = vendored("leaflet-1.9.4/leaflet.css").decode()
    lines = [line for line in leaflet.splitlines() if "url(" not in line]
    return "\n".join([*lines, (STATIC / "map.css").read_text(encoding="utf-8")])
