"""Sentences: what every rule id of intake means to a person, read from sentences.toml."""

import tomllib
from functools import cache
from pathlib import Path

from intake.proposal import Sentence


@cache
def catalogue() -> dict[str, Sentence]:
    """Return every sentence by rule id, such as ``"refused.dwg"``."""
    with Path(__file__).with_name("sentences.toml").open("rb") as stream:
        groups = tomllib.load(stream)
    return {
        f"{group}.{rule}": Sentence(texts["en"], texts["zh"])
        for group, rules in groups.items()
        for rule, texts in rules.items()
    }


def say(rule: str, detail: str = "") -> Sentence:
    """
    Return the sentence of a rule with what was found put behind it.

    Raises
    ------
    KeyError
        If there is no such rule: an id without a sentence is a fault of the program.
    """
    known = catalogue()[rule]
    if not detail:
        return known
    return Sentence(f"{known.en} ({detail})", f"{known.zh}（{detail}）")
