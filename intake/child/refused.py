"""Refused: how a reader says that a file will not be read, by the id of a sentence."""


class Refused(Exception):  # noqa: N818 - it is an answer, not an accident
    """A file, or a member of an archive, is not read; `rule` is an id of the catalogue."""

    def __init__(self, rule: str, detail: str = "") -> None:
        super().__init__(f"{rule}: {detail}")
        self.rule = rule
        self.detail = detail[:300]
