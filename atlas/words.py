"""The fixed words of the sheets in Chinese and English, by key, from ``words.toml``."""

import tomllib
from pathlib import Path

WORDS: dict[str, tuple[str, str]] = {
    key: (zh, en)
    for key, (zh, en) in tomllib.loads(
        Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    ).items()
}


def say(key: str, language: str) -> str:
    """Return the words for `key` in `language`, ``"zh"`` or ``"en"``."""
    zh, en = WORDS[key]
    return zh if language == "zh" else en


def titled(name: str, key: str, language: str) -> str:
    """Return the title of a sheet about `name`."""
    return name + ("" if language == "zh" else " · ") + say(key, language)
