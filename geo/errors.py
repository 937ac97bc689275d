"""
The project's exception tree.

::

    PlanningError
    ├── DataError(ValueError)      a value, a row or a file is not what its layer says
    │   └── CrsError               coordinates in the wrong, or in no, reference system
    ├── StoreError                 a district cannot be read or kept
    └── StandardError              the rulebook contradicts itself or fails its own tests

Every message says what is wrong, where (layer, id, row), what was found and what was expected, in
English and in Chinese: a view prints the user's language, a log prints English.
"""

from wording import Language


class PlanningError(Exception):
    """Base of everything this project raises on purpose."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh

    def sentence(self, language: Language) -> str:
        """Return the message in `language`, ``"zh"`` or ``"en"``."""
        return self.zh if language == "zh" else self.en


class DataError(PlanningError, ValueError):
    """A value, a row or a file is not what its layer says it must be."""


class CrsError(DataError):
    """Coordinates stand in the wrong, or in no, coordinate reference system."""


class StoreError(PlanningError):
    """A district cannot be read or kept."""


class StandardError(PlanningError):
    """The rulebook contradicts itself or fails its own tests."""
