"""
Headers of every answer: the browser may load from this server alone.

Component scripts reach Streamlit's page as blobs and its styles are inline, so these two are
allowed; inline scripts are not, apart from the one in Streamlit's own page, named by its digest.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import streamlit

_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def inline_digests(page: bytes) -> Iterable[str]:
    """Yield the CSP source of every inline script in `page`."""
    for body in _INLINE.findall(page):
        yield f"'sha256-{base64.b64encode(hashlib.sha256(body).digest()).decode()}'"


def policy(page: bytes) -> str:
    """Return the Content-Security-Policy under which `page` works and nothing foreign loads."""
    scripts = " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *inline_digests(page)])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def security_headers() -> Mapping[str, str]:
    """Return what every answer carries."""
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    return {
        "Content-Security-Policy": policy(page.read_bytes()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
