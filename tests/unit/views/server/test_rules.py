"""The gate's rules, one by one: names, origins, paths, messages, uploads, settings."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from views.server.hosts import AllowedHosts, host_name, is_same_origin
from views.server.messages import is_wanted, without_path
from views.server.open_routes import find_route, open_routes
from views.server.settings import ServerSettings
from views.server.uploads import UploadBudget

ROUTES = open_routes(("", "data"))
UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Plan.Example:8501", "plan.example"),
        ("plan.example.", "plan.example"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("[::1]:8501", "::1"),
        ("", None),
        ("a@b", None),
        ("a/b", None),
        ("a:port", None),
        ("a, b", None),
    ],
)
def test_a_host_header_names_a_host_or_is_malformed(host: str, name: str | None) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize("host", ["localhost", "10.1.2.3:8501", "[fe80::1]", "PLAN.example:1"])
def test_addresses_localhost_and_the_names_given_are_allowed(host: str) -> None:
    assert AllowedHosts.of("Plan.Example.").allow(host)


@pytest.mark.parametrize("host", ["evil.example", "plan.example.evil", "127.0.0.1.nip.io", "2130"])
def test_no_other_name_is_allowed(host: str) -> None:
    assert not AllowedHosts.of("plan.example").allow(host)


def test_an_origin_is_the_same_with_the_same_host_and_port_alone() -> None:
    assert is_same_origin("https://Plan.example:8501", "plan.example:8501")
    foreign = ("http://plan.example", "http://evil:8501", "null", "", "file://plan.example:8501",
               "http://[", "http://plan.example:8501@evil")  # fmt: skip
    assert not [origin for origin in foreign if is_same_origin(origin, "plan.example:8501")]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("HEAD", "/data"),
        ("GET", "/_stcore/health"),
        ("GET", "/static/js/index.Dorm.js"),
        ("GET", "/media/0a.jpg"),
        ("GET", f"/geo/{'a' * 64}.json"),
        ("GET", f"/geo/{'a' * 64}/map.js"),
        ("PUT", f"/_stcore/upload_file/{UUID}/{UUID}"),
    ],
)
def test_what_pages_need_is_open(method: str, path: str) -> None:
    assert find_route(ROUTES, method, path)
    assert find_route(ROUTES, "OPTIONS", path) is None


@pytest.mark.parametrize(
    "path",
    ["", "//", "/nowhere", "/data/", "/Data", "/static/../app.py", "/static//a", "/static/.env",
     "/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/stream", "/component/a/b", "/auth/login",
     "/geo/a.js", f"/geo/{'a' * 64}/../b", "/media/../x", "/data\n"],
)  # fmt: skip
def test_all_else_is_closed(path: str) -> None:
    assert find_route(ROUTES, "GET", path) is None


def test_below_a_base_path_nothing_is_open_outside_it() -> None:
    routes = open_routes(("", "data"), "/litong")
    assert find_route(routes, "GET", "/litong/data")
    assert find_route(routes, "GET", "/data") is None
    assert find_route(routes, "GET", "/litong")  # led on to /litong/
    assert find_route(ROUTES, "GET", "") is None


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ({"stop_script": True}, True),
        ({"app_heartbeat": True}, True),
        ({"rerun_script": {"query_string": "as_of=2026-01-01"}}, True),
        ({"rerun_script": {"query_string": "a" * 9_000}}, False),
        ({"file_urls_request": {"file_names": ["a.shp"]}}, True),
        ({"backend_operation_request": {"deferred_file": {"file_id": "1"}}}, True),
        ({"backend_operation_request": {"dataframe_chunk": {"limit": 1}}}, True),
        ({"backend_operation_request": {"install_skills": {}}}, False),
        ({"backend_operation_request": {}}, False),
        ({"clear_cache": True}, False),
        ({"set_run_on_save": True}, False),
        ({"load_git_info": True}, False),
        ({"debug_disconnect_websocket": True}, False),
        ({"debug_shutdown_runtime": True}, False),
        ({}, False),
    ],
)
def test_messages_that_pages_need_pass(message: dict[str, object], *, wanted: bool) -> None:
    assert is_wanted(BackMsg(**message).SerializeToString()) is wanted  # type: ignore[arg-type]


def test_every_kind_of_message_that_streamlit_has_was_decided_on() -> None:
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert kinds == {
        "rerun_script", "stop_script", "app_heartbeat", "file_urls_request",
        "backend_operation_request", "clear_cache", "set_run_on_save", "load_git_info",
        "debug_disconnect_websocket", "debug_shutdown_runtime",
    }  # fmt: skip


def test_what_is_no_message_is_not_wanted() -> None:
    assert not is_wanted(b"\xff\xff")


def test_the_path_of_the_script_stays_here_and_the_rest_is_as_it_was() -> None:
    message = ForwardMsg()
    message.new_session.main_script_path = "/srv/litong/page.py"
    message.new_session.main_script_hash = "abc"
    told = ForwardMsg.FromString(without_path(message.SerializeToString(), b"/srv/litong/page.py"))
    assert told.new_session.main_script_path == ""
    assert told.new_session.main_script_hash == "abc"
    assert without_path(b"not read", b"/srv") == b"not read"


def test_uploads_share_one_budget_that_is_freed() -> None:
    kept = [0]
    budget = UploadBudget(lambda: kept[0], most_bytes=10)
    with budget.reserved(6) as first, budget.reserved(5) as second, budget.reserved(4) as third:
        assert (first, second, third) == (True, False, True)
    kept[0] = 6
    with budget.reserved(5) as beside_kept:
        assert not beside_kept
    kept[0] = 0
    with budget.reserved(10) as all_of_it:
        assert all_of_it


def test_settings_come_back_from_the_environment() -> None:
    settings = ServerSettings("0.0.0.0", 80, "litong", ("a.example", "b"), 200, "a.log")  # noqa: S104
    assert ServerSettings.from_environment(settings.to_environment()) == settings
    assert ServerSettings.from_environment({}) == ServerSettings()
    assert (settings.below("/x"), ServerSettings().below("/x")) == ("/litong/x", "/x")
