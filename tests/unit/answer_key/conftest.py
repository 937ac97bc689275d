"""The district whose answers are known, of the default seed."""

import pytest

import answer_key


@pytest.fixture(scope="session")
def district():
    return answer_key.build().district


@pytest.fixture(scope="session")
def truth():
    return answer_key.build().truth
