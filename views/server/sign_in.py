"""The page where one signs in and out: plain HTML in both languages, without a script."""

import asyncio
from collections.abc import Sequence
from html import escape
from typing import Final
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from views.server.guard import COOKIE, Guard
from wording import LANGUAGES, Language, say

_MOST_BYTES: Final = 4000
_LONGEST: Final = 300  # characters of a field
_AT_ONCE: Final = 2  # a password takes 64 MB to check
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.7 "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; margin: 0;
  min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }
main { width: min(22rem, calc(100vw - 3rem)); }
h1 { font-size: 1.4rem; margin: 0 0 1.2rem; }
label { display: block; margin: .8rem 0 .2rem; font-size: .9rem; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .45rem .6rem;
  border: 1px solid GrayText; border-radius: .4rem; background: Field; color: FieldText; }
button { font: inherit; margin-top: 1.3rem; padding: .45rem 1.4rem; border: 0;
  border-radius: .4rem; background: #1f5f8b; color: #fff; cursor: pointer; }
:focus-visible { outline: 3px solid #f0a500; outline-offset: 2px; }
.failed { border-left: 4px solid #c0392b; padding-left: .7rem; }
footer { margin-top: 1.6rem; font-size: .9rem; }
"""


class SignIn:
    """
    Routes where one signs in and out.

    Parameters
    ----------
    guard : Guard
        Knows who asks.
    base : str
        Path under which everything is; it begins with a slash, "" for the root.
    """

    def __init__(self, guard: Guard, base: str = "") -> None:
        self._guard, self._base = guard, base
        self._checks = asyncio.Semaphore(_AT_ONCE)

    def routes(self) -> Sequence[Route]:
        """Return the routes."""
        methods = ["GET", "POST"]
        return (
            Route(f"{self._base}/login", self._login, methods=methods),
            Route(f"{self._base}/logout", self._logout, methods=methods),
        )

    async def _login(self, request: Request) -> Response:
        language = _language(request)
        after = self._own_path(request.query_params.get("next", ""))
        if request.method != "POST" or self._guard.register.settings.mode != "local":
            return self._form(language, after)
        fields = await _fields(request)
        async with self._checks:
            token = await asyncio.to_thread(
                self._guard.register.sign_in,
                fields.get("account", ""),
                fields.get("password", ""),
                self._guard.address(request),
                self._guard.now(),
            )
        if token is None:
            return self._form(language, after, failed=True)
        answer = RedirectResponse(after, 303)
        settings = self._guard.register.settings
        answer.set_cookie(
            COOKIE,
            token,
            path=self._base or "/",
            secure=settings.secure_cookie,
            httponly=True,
            samesite="lax",
        )
        return answer

    async def _logout(self, request: Request) -> Response:
        language = _language(request)
        if request.method != "POST":
            return _page(language, f"<form method=post>{_button('sign_out', language)}")
        token = request.cookies.get(COOKIE, "")
        address, now = self._guard.address(request), self._guard.now()
        await asyncio.to_thread(self._guard.register.sign_out, token, address, now)
        answer = RedirectResponse(f"{self._base}/login?lang={language}", 303)
        answer.delete_cookie(COOKIE, path=self._base or "/")
        return answer

    def _form(self, language: Language, after: str, *, failed: bool = False) -> Response:
        if self._guard.register.settings.mode != "local":
            return _page(language, f"<p>{say('login.by_proxy', language)}</p>", 403)
        wrong = f"<p class=failed role=alert>{say('login.failed', language)}</p>" if failed else ""
        address = f"?lang={language}&amp;next={escape(quote(after, safe=''))}"
        body = (
            f"{wrong}<form method=post action='{address}'>"
            f"<label for=account>{say('login.account', language)}</label>"
            "<input id=account name=account autocomplete=username required autofocus>"
            f"<label for=password>{say('login.password', language)}</label>"
            "<input id=password name=password type=password autocomplete=current-password required>"
            f"{_button('sign_in', language)}"
        )
        return _page(language, body, 401 if failed else 200, after)

    def _own_path(self, asked: str) -> str:
        """Return where one is led: a path of this server, whatever the address said."""
        is_own = asked.startswith(f"{self._base}/") and asked[1:2] not in {"/", "\\"}
        return asked if is_own and asked.isprintable() else f"{self._base}/"


def _page(language: Language, body: str, status: int = 200, after: str = "") -> HTMLResponse:
    other: Language = "en" if language == "zh" else "zh"
    led = f"&amp;next={escape(quote(after, safe=''))}" if after else ""
    title = say("page.title", language)
    return HTMLResponse(
        f"<!doctype html><html lang={'zh-CN' if language == 'zh' else 'en'}><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'>"
        f"<title>{title}</title><style>{_STYLE}</style><main><h1>{title}</h1>{body}"
        f"<footer><a href='?lang={other}{led}'>{_NAMES[other]}</a></footer></main>",
        status,
    )


_NAMES: Final = {"zh": "中文", "en": "English"}


def _button(key: str, language: Language) -> str:
    return f"<button>{say(f'login.{key}', language)}</button></form>"


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang", "")
    return next((one for one in LANGUAGES if one == asked), "zh")


async def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent, each clipped; {} of a body that is too large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            return {}
    return {
        name: values[0][:_LONGEST]
        for name, values in parse_qs(body.decode("utf-8", "replace")).items()
    }
