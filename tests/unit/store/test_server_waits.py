"""A database server that does not answer is not waited for without end."""

import shutil
import socket
from pathlib import Path

import pytest

from geo.errors import StoreError
from store.postgis import PostgisDatabase, engine_of

MONACO = Path(__file__).parents[3] / "data/cities/monaco/district.toml"


def test_an_address_may_say_how_long_and_else_we_do() -> None:
    said = engine_of("postgresql://planner@server/litong?connect_timeout=3&sslmode=require").url
    assert said.query["connect_timeout"] == "3"
    assert said.query["sslmode"] == "require"
    assert "statement_timeout" in str(said.query["options"])
    assert engine_of("postgresql://planner@server/litong").url.query["connect_timeout"] == "10"


def test_a_server_that_accepts_and_says_nothing_becomes_a_sentence(tmp_path: Path) -> None:
    shutil.copy(MONACO, tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        address = f"postgresql://planner:secret@127.0.0.1:{port}/litong?connect_timeout=2"
        database = PostgisDatabase(engine_of(address), tmp_path)
        with pytest.raises(StoreError) as refused, database.reading():
            raise AssertionError
    for sentence in (refused.value.sentence("zh"), refused.value.sentence("en")):
        assert "timeout expired" in sentence
        assert "secret" not in sentence
