"""What all tests share: those of the browser begin, and take turns on one worker."""

import pytest


def _is_browser(item):
    return item.path.relative_to(item.config.rootpath).parts[:2] == ("tests", "browser")


def pytest_itemcollected(item):
    if _is_browser(item):
        item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not _is_browser(item))
