"""Frozen: what every part of the rulebook is, as parsed from TOML."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A part of the rulebook: immutable, and nothing in it that no one reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def require_known(what: str, found: str, known: Iterable[str]) -> None:
    """Raise ValueError if `found` is not one of the words `known`."""
    if found not in known:
        raise ValueError(f"{what} is {found!r}; expected one of {', '.join(map(repr, known))}")
