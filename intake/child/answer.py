"""
Answer: what the child says, written piece by piece, so that a part that kills it costs only itself.

Parts are numbered in the order in which they are met, inside each other like folders. The parts
named in `skipped` were read by an earlier child, or brought it down: they are passed over.
"""

from collections.abc import Callable, Collection, Iterable
from typing import BinaryIO

from intake import wire
from intake.child.fault_place import fault_place
from intake.child.refused import Refused
from intake.reading import DeliveredTable, Refusal


class Answer:
    """
    The child's answer.

    Parameters
    ----------
    stream : binary file
        Where it is written; every line at once.
    skipped : collection of str
        Numbers of the parts that are not read.
    """

    def __init__(self, stream: BinaryIO, skipped: Collection[str] = ()) -> None:
        self._stream, self._skipped = stream, frozenset(skipped)
        self._inside = [0]
        self._number = ""

    def refuse(self, name: str, rule: str, detail: str = "") -> None:
        """Say that a file, or a part of one, is not read."""
        self._write(wire.refused_line(Refusal(name, rule, detail)))

    def ignore(self, name: str, rule: str) -> None:
        """Say that a file carries no rows."""
        self._write(wire.ignored_line(Refusal(name, rule)))

    def part(self, name: str, read: Callable[[], Iterable[DeliveredTable]]) -> bool:
        """
        Read one part; whatever goes wrong in it refuses that part and not the rest.

        Parameters
        ----------
        name : str
            As people know it.
        read : callable
            Returns the tables of the part, none if it consists of parts of its own.

        Returns
        -------
        bool
            False if it was read and holds nothing.
        """
        outer = self._number
        number = f"{outer}/{self._inside[-1]}"
        self._inside[-1] += 1
        if number in self._skipped:
            return True
        self._write(wire.begin_line(number, name))
        self._number = number
        self._inside.append(0)
        has_any = self._guarded(name, read)
        self._inside.pop()
        self._number = outer
        self._write(wire.end_line(number))
        return has_any

    def end(self) -> None:
        """Say that nothing is missing."""
        self._write(wire.end_line(wire.WHOLE))

    def _guarded(self, name: str, read: Callable[[], Iterable[DeliveredTable]]) -> bool:
        """Give the tables of a part, or its refusal; return whether there was either."""
        has_any = False
        try:
            for table in read():
                for line in wire.table_lines(table):
                    self._write(line)
                has_any = True
        except Refused as answer:
            self.refuse(name, answer.rule, answer.detail)
        except MemoryError:
            self.refuse(name, "child.memory")
        except Exception as error:  # noqa: BLE001 - a reader that fails refuses its part, not the rest
            self.refuse(name, "file.unreadable", fault_place(error))
        else:
            return has_any
        return True

    def _write(self, line: bytes) -> None:
        self._stream.write(line)
        self._stream.flush()
