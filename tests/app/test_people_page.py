"""The page of accounts and audit without a browser: who has it, and what its buttons do."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from access.accounts import Rights
from access.register import AccessRegister
from access.roles import Role
from access.settings import read_settings
from views import who


@pytest.fixture
def known(tmp_path: Path, kept_tiny_demo: Path, monkeypatch: pytest.MonkeyPatch) -> AccessRegister:
    """Return what a server knows on which the page of an administrator is open."""
    file = tmp_path / "access.toml"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("LITONG_DISTRICT", str(kept_tiny_demo))
    monkeypatch.setenv(who.ACCESS_VARIABLE, str(file))
    monkeypatch.setattr(who, "_account", lambda: "admin")
    register = AccessRegister(read_settings(file))
    register.accounts.add("admin", "管理员", Rights(frozenset({Role.ADMINISTRATOR})))
    register.accounts.add("wang", "王工", Rights(frozenset({Role.VIEWER})))
    return register


def page() -> AppTest:
    def run() -> None:
        from views import people  # noqa: PLC0415

        people.render("zh")

    return AppTest.from_function(run, default_timeout=60).run()


def pressed(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    app = button.click().run()
    assert [error.value for error in app.exception] == []
    return app


def chosen(app: AppTest, account: str) -> AppTest:
    return app.selectbox(key="account_chosen").set_value(account).run()


def test_roles_are_granted_and_the_trail_shows_it(known: AccessRegister) -> None:
    app = chosen(page(), "wang")
    next(one for one in app.multiselect if one.label == "角色").set_value([Role.TOWN])
    next(one for one in app.multiselect if one.label == "乡镇").set_value(["640302106"])
    app = pressed(app, "授予")
    found = known.accounts.find("wang")
    assert found is not None
    assert found.rights == Rights(frozenset({Role.TOWN}), frozenset({"640302106"}))
    assert app.dataframe[1].value.iloc[0].tolist()[1:4] == ["授予角色", "admin", "wang"]
    assert "1 条记录" in pressed(app, "核对记录").success[0].value


def test_an_account_is_disabled_and_enabled(known: AccessRegister) -> None:
    app = pressed(chosen(page(), "wang"), "停用")
    assert [one.is_disabled for one in known.accounts.every()] == [False, True]
    pressed(app, "启用")
    assert [one.is_disabled for one in known.accounts.every()] == [False, False]


def test_nobody_takes_away_their_own_account(known: AccessRegister) -> None:
    app = pressed(chosen(page(), "admin"), "停用")
    assert "自己" in "".join(one.value for one in app.text)
    assert not any(one.is_disabled for one in known.accounts.every())


def test_an_account_is_added(known: AccessRegister) -> None:
    app = page()
    right = [one for one in app.text_input if one.form_id == "account_new"]
    for field, value in zip(right, ["li", "李工", "a long sentence"], strict=True):
        field.set_value(value)
    pressed(app, "新增帐户")
    assert known.accounts.is_right("li", "a long sentence")


def test_who_has_no_such_duty_is_told_so(known: AccessRegister) -> None:
    known.accounts.grant("admin", Rights(frozenset({Role.OFFICE})))
    app = page()
    assert "不管理帐户" in app.info[0].value
    assert not app.button
    assert not app.dataframe
