"""The gate where people are known: nothing is answered to anybody else, by any way in."""

import asyncio
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from argon2 import PasswordHasher
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from access import accounts
from access.accounts import Rights
from access.register import AccessRegister
from access.roles import Role
from access.settings import AccessSettings, ProxySettings
from tests.unit.access.conftest import Clock
from views.server.gate import Gate
from views.server.guard import COOKIE, Guard
from views.server.hosts import AllowedHosts
from views.server.open_routes import open_routes
from views.server.sign_in import SignIn
from views.server.uploads import UploadBudget

PASSWORD = "a long sentence"  # noqa: S105
UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
DATA = f"geo/{'a' * 64}"
"""Of a body with data, as a page is told it."""


class Office:
    """A gate before an application that answers everything, and people it knows."""

    def __init__(self, settings, base=""):
        self.clock = Clock()
        self.register = AccessRegister(settings)
        self.guard = Guard(self.register, self.clock)
        self.scopes, self.frames, self.base = [], [], base
        self.say = b""
        self._ways = {way.path: way.endpoint for way in SignIn(self.guard, base).routes()}
        self.gate = Gate(self._behind, hosts=AllowedHosts.of("plan.example"),
                         routes=open_routes(("", "data"), base, has_accounts=True),
                         stream=f"{base}/_stcore/stream",
                         script="/srv/page.py", uploads=UploadBudget(lambda: 0), guard=self.guard,
                         sign_in=f"{base}/login")  # fmt: skip

    async def _behind(self, scope, receive, send):
        self.scopes.append(scope)
        if scope["type"] == "http":
            way = self._ways.get(scope["path"])
            answer = await way(Request(scope, receive)) if way else PlainTextResponse("inside")
            await answer(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.accept"})
        if self.say:
            await send({"type": "websocket.send", "bytes": self.say})
        while (message := await receive())["type"] == "websocket.receive":
            self.frames.append(message["bytes"])

    def ask(self, scope, received):
        """Return what the gate sends; a message that is callable is called when its turn comes."""
        sent, waiting = [], list(received)

        async def receive():
            message = waiting.pop(0)
            return message() if callable(message) else message

        async def send(message):
            sent.append(message)

        asyncio.run(self.gate(scope, receive, send))
        return sent

    def http(self, method, path, *headers, body=b"", peer="10.0.0.7"):
        """Return status, headers and body of an answer."""
        path, _, query = path.partition("?")
        given = raw(("host", "plan.example"), *headers)
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(),
                 "headers": given, "client": (peer, 1)}  # fmt: skip
        sent = self.ask(scope, [{"type": "http.request", "body": body, "more_body": False}])
        head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], head, b"".join(part.get("body", b"") for part in sent[1:])

    def stream(self, *messages, headers=(), peer="10.0.0.7"):
        """Return what a page that sends these messages is sent."""
        scope = {"type": "websocket", "path": f"{self.base}/_stcore/stream", "client": (peer, 1),
                 "headers": raw(("host", "plan.example"), ("origin", "https://plan.example"),
                                *headers)}  # fmt: skip
        end = {"type": "websocket.disconnect"}
        return self.ask(scope, [{"type": "websocket.connect"}, *messages, end])

    def sign_in(self, account="zhang", password=PASSWORD, **more):
        """Return the answer, and the cookie it sets as a header."""
        form = f"account={account}&password={password.replace(' ', '+')}".encode()
        answer = self.http("POST", f"{self.base}/login", body=form, **more)
        return answer, ("cookie", answer[1].get("set-cookie", "").split(";")[0])


def raw(*headers):
    return [(name.encode(), value.encode()) for name, value in headers]


def rerun(*, auto=False):
    message = BackMsg()
    message.rerun_script.is_auto_rerun = auto
    message.rerun_script.query_string = "lang=en"
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    monkeypatch.setattr(
        accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    accounts._nobodys.cache_clear()


@pytest.fixture
def office(tmp_path):
    place = Office(AccessSettings(accounts=tmp_path / "accounts.sqlite"))
    place.register.accounts.add("zhang", "张工", Rights(frozenset({Role.OFFICE})), PASSWORD)
    return place


@pytest.fixture
def proxied(tmp_path):
    proxy = ProxySettings(header="X-User", peers=("127.0.0.1",))
    settings = AccessSettings(mode="proxy", accounts=tmp_path / "a.sqlite", proxy=proxy)
    place = Office(settings)
    place.register.accounts.add("li", "李", Rights(frozenset({Role.VIEWER})))
    return place


WAYS = ("/", "/data", "/nowhere", "/static/a.js", "/favicon.png", "/_stcore/health",
        "/_stcore/host-config", "/_stcore/metrics", "/media/ab.pdf", f"/{DATA}.json",
        f"/{DATA}/0", f"/_stcore/upload_file/{UUID}/{UUID}", "//login", "/login/", "/data/../login",
        "/healthz/")  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", WAYS)
def test_nothing_is_answered_to_whoever_has_not_signed_in(office, method, path):
    status, head, _ = office.http(method, path, ("content-length", "1"))
    is_page = method == "GET" and path in {"/", "/data"}
    assert status == (303 if is_page else 401)
    assert office.scopes == []
    assert head["cache-control"] == "no-store"


@pytest.mark.parametrize("cookie", ["", "x", "%00", "../x"])
def test_no_made_up_session_opens_page_or_websocket(office, cookie):
    mine = ("cookie", f"{COOKIE}={cookie}")
    assert office.http("GET", "/", mine)[0] == 303
    assert office.stream(headers=[mine]) == [{"type": "websocket.close", "code": 4401}]
    assert office.scopes == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/login", "/logout"])
def test_health_and_the_sign_in_page_are_open(office, path):
    assert office.http("GET", path)[0] == 200


def test_whoever_asks_for_a_page_is_led_there_after_signing_in(office):
    head = office.http("GET", "/data?lang=en&estate=E%2F1")[1]
    place = urlsplit(head["location"])
    assert place.path == "/login"
    assert parse_qs(place.query) == {"next": ["/data?lang=en&estate=E%2F1"]}
    form = office.http("GET", head["location"])[2].decode()
    action = form.split("action='")[1].split("'")[0].replace("&amp;", "&")
    answer = office.http("POST", f"/login{action}", body=b"account=zhang&password=a+long+sentence")
    assert answer[0] == 303
    assert answer[1]["location"] == "/data?lang=en&estate=E%2F1"


@pytest.mark.parametrize(
    "asked", ["//evil.example", "https://evil.example", "/\\evil.example", "/\n/evil", "data", ""]
)
def test_nobody_is_led_to_another_site(office, asked):
    form = b"account=zhang&password=a+long+sentence"
    answer = office.http("POST", f"/login?next={quote(asked)}", body=form)
    assert answer[1]["location"] == "/"


def test_a_session_is_a_cookie_that_no_script_reads_and_no_other_site_sends(office):
    (status, head, _), cookie = office.sign_in()
    assert status == 303
    assert {"httponly", "samesite=lax", "path=/"} <= set(head["set-cookie"].lower().split("; "))
    assert office.http("GET", "/", cookie)[2] == b"inside"
    assert office.http("GET", "/nowhere", cookie)[0] == 404


def test_behind_tls_the_cookie_is_sent_over_tls_alone_and_below_the_base_path(tmp_path):
    settings = AccessSettings(accounts=tmp_path / "a.sqlite", secure_cookie=True)
    office = Office(settings, "/litong")
    office.register.accounts.add("zhang", "", Rights(frozenset({Role.VIEWER})), PASSWORD)
    (_, head, _), _ = office.sign_in()
    assert {"secure", "path=/litong"} <= set(head["set-cookie"].lower().split("; "))
    assert office.http("GET", "/litong/data")[1]["location"] == "/litong/login?next=/litong/data"


def test_a_wrong_password_gives_a_sentence_and_no_cookie(office):
    (status, head, body), _ = office.sign_in("zhang", "wrong password")
    assert status == 401
    assert "set-cookie" not in head
    assert "帐户名或口令不对" in body.decode()
    assert "wrong password" not in body.decode()


def test_a_form_that_another_site_sends_signs_nobody_in_or_out(office):
    foreign = ("origin", "https://evil.example")
    form = b"account=zhang&password=a+long+sentence"
    assert office.http("POST", "/login", foreign, body=form)[0] == 403
    _, cookie = office.sign_in()
    assert office.http("POST", "/logout", cookie, foreign)[0] == 403
    assert office.http("GET", "/", cookie)[0] == 200


def test_a_form_that_is_too_large_is_no_form(office):
    form = b"account=zhang&password=a+long+sentence&x=" + b"x" * 4000
    assert office.http("POST", "/login", body=form)[0] == 401


def test_who_signs_out_has_no_session_any_more(office):
    _, cookie = office.sign_in()
    assert office.http("POST", "/logout", cookie)[0] == 303
    assert office.http("GET", "/", cookie)[0] == 303
    assert [event.kind for event in office.register.trail.newest(2)] == ["signed_out", "signed_in"]


def test_the_page_is_told_whose_it_is_and_a_browser_cannot_say_it(office):
    _, cookie = office.sign_in()
    office.stream(headers=[cookie, ("x-litong-account", "boss")])
    given = [v for name, v in office.scopes[-1]["headers"] if name == b"x-litong-account"]
    assert given == [b"zhang"]


@pytest.mark.parametrize("ending", ["disable", "roles", "sign out", "idle", "reset"])
def test_the_next_message_of_whoever_lost_the_session_is_refused(office, ending):
    _, cookie = office.sign_in()

    def ended():
        {
            "disable": lambda: office.register.accounts.disable("zhang"),
            "roles": lambda: office.register.accounts.grant("zhang", Rights()),
            "sign out": lambda: office.register.sign_out(
                cookie[1].split("=", 1)[1], "", office.clock()
            ),
            "idle": lambda: office.clock.wait(minutes=30),
            "reset": lambda: office.register.accounts.reset("zhang", "another sentence"),
        }[ending]()
        return rerun()

    sent = office.stream(rerun(), ended, rerun(), headers=[cookie])
    assert len(office.frames) == 1
    assert sent[-1] == {"type": "websocket.close", "code": 4401}
    away = ForwardMsg()
    away.ParseFromString(sent[-2]["bytes"])
    assert away.auth_redirect.url == "/login"


def test_a_page_that_asks_by_itself_keeps_no_session_and_a_person_does(office):
    _, cookie = office.sign_in()

    def after(minutes, *, auto):
        def message():
            office.clock.wait(minutes=minutes)
            return rerun(auto=auto)

        return message

    office.stream(after(20, auto=False), after(20, auto=True), headers=[cookie])
    assert len(office.frames) == 2
    office.stream(after(10, auto=True), headers=[cookie])
    assert len(office.frames) == 2


@pytest.mark.parametrize("path", [f"/{DATA}.json", f"/{DATA}/12", "/media/ab12.pdf"])
def test_data_are_given_to_whose_page_was_told_of_them_alone(office, path):
    office.register.accounts.add("li", "李", Rights(frozenset({Role.VIEWER})), PASSWORD)
    _, zhang = office.sign_in()
    _, li = office.sign_in("li")
    assert office.http("GET", path, zhang)[0] == 404
    office.say = f'{{"a": "{DATA}.json", "b": "/media/ab12.pdf"}}'.encode()
    office.stream(headers=[zhang])
    assert office.http("GET", path, zhang)[0] == 200
    assert office.http("GET", path, li)[0] == 404


def test_a_page_is_told_everything_whatever_its_browser_has_kept(office):
    _, cookie = office.sign_in()
    message = BackMsg()
    message.rerun_script.query_string = "lang=en"
    message.rerun_script.cached_message_hashes.append("kept")
    office.stream(
        {"type": "websocket.receive", "bytes": message.SerializeToString()}, headers=[cookie]
    )
    message.rerun_script.ClearField("cached_message_hashes")
    assert office.frames == [message.SerializeToString()]


def test_what_a_page_was_told_before_its_roles_changed_is_not_given_any_more(office):
    _, cookie = office.sign_in()
    office.say = DATA.encode()
    office.stream(headers=[cookie])
    assert office.http("GET", f"/{DATA}.json", cookie)[0] == 200
    office.register.accounts.grant("zhang", Rights(frozenset({Role.VIEWER})))
    assert office.http("GET", f"/{DATA}.json", cookie)[0] == 404


def test_a_proxy_is_believed_and_nobody_else_who_says_the_same(proxied):
    asks = ("x-user", "li")
    assert proxied.http("GET", "/data", asks, peer="10.0.0.7")[0] == 303
    assert proxied.stream(headers=[asks]) == [{"type": "websocket.close", "code": 4401}]
    assert proxied.http("GET", "/data", ("x-user", "boss"), peer="127.0.0.1")[0] == 303
    assert proxied.http("GET", "/data", peer="127.0.0.1")[0] == 303


def test_a_proxy_signs_in_the_accounts_that_there_are(proxied):
    asks = ("x-user", "li")
    assert proxied.http("GET", "/data", asks, peer="127.0.0.1")[0] == 200
    proxied.stream(rerun(), headers=[asks], peer="127.0.0.1")
    assert len(proxied.frames) == 1
    assert (b"x-litong-account", b"li") in proxied.scopes[-1]["headers"]


def test_behind_a_proxy_nobody_signs_in_by_a_form(proxied):
    assert proxied.http("GET", "/login")[0] == 403
    assert proxied.sign_in("li")[0][0] == 403


def test_the_address_that_failed_is_the_one_the_trusted_proxy_says(tmp_path):
    proxy = ProxySettings(peers=("127.0.0.1",))
    office = Office(AccessSettings(accounts=tmp_path / "a.sqlite", proxy=proxy))
    form = b"account=zhang&password=wrong"
    said = ("x-forwarded-for", "6.6.6.6, 10.0.0.9")
    office.http("POST", "/login", said, body=form, peer="127.0.0.1")
    office.http("POST", "/login", said, body=form, peer="10.0.0.7")
    assert [one.address for one in office.register.trail.newest(2)] == ["10.0.0.7", "10.0.0.9"]
