"""The file of `litong serve --config FILE`: its keys are the options, the command line wins."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geo.errors import DataError
from wording import Language, say


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a key may hold: a Python type, bounds of a whole number, and its words' key."""

    type_: type
    words: str
    least: int = 0
    most: int = 0

    def fits(self, value: object) -> bool:
        """Return whether a value of the file is of this kind."""
        if self.type_ is list:
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        if self.type_ is int:  # true is no number
            return type(value) is int and self.least <= value <= self.most
        return isinstance(value, str)

    def said(self, language: Language) -> str:
        """Return in words what is expected."""
        return say(f"serve.{self.words}", language, least=self.least, most=self.most)


MOST_PORT: Final = 65_535
MOST_CACHE_MB: Final = 1_000_000

_TEXT = _Kind(str, "a_text")
KEYS: Final[Mapping[str, _Kind]] = {
    "district": _TEXT,
    "host": _TEXT,
    "port": _Kind(int, "a_number", 1, MOST_PORT),
    "allow-host": _Kind(list, "a_list"),
    "base-path": _TEXT,
    "access": _TEXT,
    "log": _TEXT,
    "cache-mb": _Kind(int, "a_number", 1, MOST_CACHE_MB),
    "lang": _Kind(str, "a_language"),
}
"""What the file may say, under the names of the options."""

_PATHS: Final = ("district", "access", "log")


def read_serve_file(path: Path) -> dict[str, Any]:
    """
    Return what a file says, by the name of the parameter (``base_path``).

    Its paths are relative to the file itself.

    Raises
    ------
    DataError
        If it cannot be read, has a key that is no option, or a value of another kind: one sentence
        with file, key, what was found and what was expected.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(
            f"{path}: expected a file of settings in TOML, found {error}",
            f"{path}：应为 TOML 设置文件，读到 {error}",
        ) from error
    for key, value in told.items():
        _require_known(path, key, value)
    beside = path.resolve().parent
    return {
        key.replace("-", "_"): beside / value if key in _PATHS else value
        for key, value in told.items()
    }


def _require_known(path: Path, key: str, value: object) -> None:
    kind = KEYS.get(key)
    if kind is None:
        names = ", ".join(KEYS)
        raise DataError(
            f"{path}: {key}: found a key that is no option, expected one of {names}",
            f"{path}：{key}：读到未知的项，应为 {names} 之一",
        )
    if not kind.fits(value) or (key == "lang" and value not in {"zh", "en"}):
        raise DataError(
            f"{path}: {key}: found {value!r}, expected {kind.said('en')}",
            f"{path}：{key}：读到 {value!r}，应为{kind.said('zh')}",
        )
