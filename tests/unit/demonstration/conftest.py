"""The demonstration district of the default seed, built once."""

import pytest

import demonstration
from demonstration.town import build_town


@pytest.fixture(scope="session")
def built():
    return demonstration.build()


@pytest.fixture(scope="session")
def district(built):
    return built.district


@pytest.fixture(scope="session")
def truth(built):
    return built.truth


@pytest.fixture(scope="session")
def town():
    return build_town("demo", 2023)
