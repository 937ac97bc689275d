"""The file of settings: what it must say, and what it may not."""

import pytest

from access.settings import read_settings
from geo.errors import DataError


def written(tmp_path, text):
    path = tmp_path / "access.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_means_local_accounts_beside_it(tmp_path):
    found = read_settings(written(tmp_path, ""))
    assert found.mode == "local"
    assert found.accounts == tmp_path / "accounts.sqlite"


def test_a_proxy_is_believed_from_its_own_addresses(tmp_path):
    found = read_settings(
        written(
            tmp_path,
            'mode = "proxy"\n[proxy]\nheader = "X-User"\npeers = ["127.0.0.1", "10.1.0.0/24"]\n',
        )
    )
    assert found.proxy.trusts("127.0.0.1")
    assert found.proxy.trusts("10.1.0.9")
    assert not found.proxy.trusts("10.2.0.9")
    assert not found.proxy.trusts("")


@pytest.mark.parametrize(
    "text",
    [
        'mode = "proxy"',
        'mode = "proxy"\n[proxy]\npeers = ["127.0.0.1"]',
        '[proxy]\nheader = "X-User"\npeers = ["127.0.0.1"]',
        '[proxy]\nheader = "X User"\npeers = ["127.0.0.1"]',
        'mode = "proxy"\n[proxy]\nheader = "X-User"\npeers = []',
        'mode = "none"',
        "idle_minutes = 0",
        "idle_minute = 20",
        "mode = local",
    ],
)
def test_what_is_not_foreseen_is_refused(tmp_path, text):
    with pytest.raises(DataError, match="access"):
        read_settings(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.toml"):
        read_settings(tmp_path / "nowhere.toml")
