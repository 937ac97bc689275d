"""The town of the default seed, built once."""

import pytest

import answer_key
from answer_key.town import build_town


@pytest.fixture(scope="session")
def district():
    return answer_key.build().district


@pytest.fixture(scope="session")
def town():
    return build_town("demo", 2023)
