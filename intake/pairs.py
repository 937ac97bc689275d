"""
Pairs: a row and the known feature that it is under another key, answered one by one.

The steps ``key`` and ``conflict`` answer for all rows that are probably known features, or whose
key and name say two; ``same:<row>`` for one row: the key of the known feature, or "" where it is
another place. What is said of one row goes first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from geo.errors import DataError
from intake.conflicts import KEY, NAME, Conflict
from intake.features import NOBODY
from intake.identity import Twin
from intake.proposal import Candidate, Proposal
from intake.rows import RowIdentity
from wording import Text

STEP = "same"
OTHER = ""
"""The answer that a row is a place of its own."""


@dataclass(frozen=True)
class Pairs:
    """
    What a person answered about single rows.

    Attributes
    ----------
    rows : RowIdentity
        What the n rows are, as far as the file says.
    numbers : sequence of int, n
        Their numbers in the file.
    answers : mapping of str to str
        Key of the known feature, or `OTHER`, by step.
    """

    rows: RowIdentity
    numbers: Sequence[int]
    answers: Mapping[str, str]

    def step(self, step: str) -> Proposal:
        """
        Return the step of one row.

        Raises
        ------
        DataError
            If the table has no such row.
        """
        at = self._at(step)
        number, name = self.numbers[at], self.rows.name(at)
        question = Text(
            f"第 {number} 行“{name}”是同一处吗？", f"Row {number}, {name}: is it the same?"
        )
        offers = [
            *self._offers(at),
            Candidate(OTHER, Text("不是：另一处", "no: another place"), 0.5),
        ]
        return Proposal(step, question, tuple(offers), free=True).answered(self.answers)

    def _offers(self, at: int) -> Iterator[Candidate]:
        """Yield the known features that a row may be."""
        if twin := self.rows.twins.get(at):
            yield self._offer(twin.at, twin.evidence)
        if conflict := self.rows.compared.conflicts.get(at):
            for known in (conflict.by_key, conflict.by_name):
                if known != NOBODY:
                    yield self._offer(known, conflict.evidence)

    def _offer(self, known: int, evidence: Text) -> Candidate:
        key = str(self.rows.known_keys[known])
        return Candidate(key, Text(f"是：更新 {key}", f"yes: update {key}"), 1.0, (evidence,))

    def require_usable(self, key: str) -> None:
        """
        Raise if an answer names no known feature.

        Raises
        ------
        DataError
            If it is neither `OTHER` nor the key of one.
        """
        if key not in {OTHER, *map(str, self.rows.known_keys)}:
            label = self.rows.spec.label_zh
            raise DataError(
                f"{self.rows.spec.name} has no {key!r} that a row could be",
                f"{label}图层中没有编号 {key}，无法对应",
            )

    def _at(self, step: str) -> int:
        number = step.removeprefix(f"{STEP}:")
        if number in self._positions:
            return self._positions[number]
        raise DataError(
            f"there is no row {number}",
            f"没有第 {number} 行",
        )

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {str(number): at for at, number in enumerate(self.numbers)}

    @property
    def steps(self) -> Iterator[Proposal]:
        """The steps that are answered."""
        return map(self.step, self.answers)

    @cached_property
    def _answered(self) -> set[int]:
        return set(map(self._at, self.answers))

    @cached_property
    def open(self) -> dict[int, Twin]:
        """The rows that are probably a known feature and nobody answered for, by position."""
        found = sorted(self.rows.twins.items())
        return {at: twin for at, twin in found if at not in self._answered}

    @cached_property
    def conflicts(self) -> dict[int, Conflict]:
        """The rows whose key says one place and their name another, and nobody answered for."""
        found = self.rows.compared.conflicts.items()
        return {at: conflict for at, conflict in found if at not in self._answered}

    def merged(self, *, with_open: bool, conflict: str | None) -> dict[int, int]:
        """
        Return the position of the known feature of each row that somebody says is one.

        Parameters
        ----------
        with_open : bool
            Whether the rows that nobody answered for are taken for what they probably are.
        conflict : str or None
            Whether of the rows in conflict the key is right or the name; None for neither.
        """
        there = {str(key): at for at, key in enumerate(self.rows.known_keys)}
        said = {self._at(step): there[key] for step, key in self.answers.items() if key != OTHER}
        twins = {at: twin.at for at, twin in self.open.items() if with_open}
        return twins | self._settled(conflict) | said

    def _settled(self, conflict: str | None) -> dict[int, int]:
        """Return the known feature of the rows in conflict by the answer for all of them."""
        if conflict == KEY:
            return {at: one.by_key for at, one in self.conflicts.items()}
        named = self.conflicts if conflict == NAME else {}
        return {at: one.by_name for at, one in named.items() if one.by_name != NOBODY}

    def held_back(self, conflict: str | None) -> list[int]:
        """Return the rows in conflict that the answer for all of them does not settle."""
        settled = self._settled(conflict)
        return [at for at in self.conflicts if conflict is not None and at not in settled]

    @property
    def others(self) -> list[int]:
        """The rows that somebody says are places of their own."""
        return [self._at(step) for step, key in self.answers.items() if key == OTHER]


def step_of(rows: RowIdentity, numbers: Sequence[int], called: str) -> str | None:
    """
    Return the step of the row that a person means, None if this table has no such row.

    Parameters
    ----------
    rows : RowIdentity
        What the rows are.
    numbers : sequence of int
        Their numbers in the file.
    called : str
        Key, name however spelt, or ``#`` and the row's number.

    Raises
    ------
    DataError
        If several rows are called so.
    """
    if called.startswith("#") and called[1:] in set(map(str, numbers)):
        return f"{STEP}:{called[1:]}"
    found = [numbers[at] for at in rows.called(called)]
    if len(found) > 1:
        listed = "、".join(f"#{number}" for number in found)
        raise DataError(
            f"several rows are called {called!r}; name one by its number: {listed}",
            f"有多行叫“{called}”，请用行号指明：{listed}",
        )
    return f"{STEP}:{found[0]}" if found else None


def read_pairs(text: str) -> dict[str, str]:
    """
    Return known key by row, as a person types them.

    Parameters
    ----------
    text : str
        ``E10=东风小区``, ``=东风小区`` for a place of its own, or the name of a file with one such
        pair a line.

    Raises
    ------
    DataError
        If a line is no pair, or the file cannot be read.
    """
    lines = [text] if "=" in text else _lines(Path(text))
    found = {}
    for line in lines:
        key, sign, row = (part.strip() for part in line.partition("="))
        if not sign or not row:
            raise DataError(
                f"{line!r} is no pair: expected KEY=ROW, as E10=东风小区",
                f"“{line}”应写作 编号=行，如 E10=东风小区",
            )
        found[row] = key
    return found


def _lines(path: Path) -> list[str]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path}: no pair KEY=ROW, and no file that can be read ({error.strerror})",
            f"{path}：既不是 编号=行，也不是能读取的文件（{error.strerror}）",
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
