"""
Headers of every answer: the browser may load from this server alone.

Component scripts reach Streamlit's page as blobs and its styles are inline, so these two are
allowed; inline scripts are not, apart from the one in Streamlit's own page, named by its digest.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
            "connect-src 'self' ws: wss:",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


class SecurityHeaders:
    """ASGI middleware that adds the headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        page = Path(streamlit.__file__).parent / "static" / "index.html"
        self._headers = {
            "Content-Security-Policy": policy(page.read_bytes()),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, guarded)
