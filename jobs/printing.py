"""What the terminal shows: plain text, whatever the data hold."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from geo.errors import PlanningError


def plain(value: object) -> Text:
    """Return `value` as text without markup and without characters that steer a terminal."""
    return Text("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value)))


def console() -> Console:
    """Return the terminal; a file or a pipe gets no colours and no moving bar."""
    return Console(highlight=False, markup=False, soft_wrap=True)


INTERRUPTED = 130
"""Exit code that a shell expects of a program that Ctrl-C ended."""


@contextmanager
def sentences(language: str) -> Iterator[None]:
    """
    Turn everything this project raises on purpose into one sentence and exit code 1.

    Raises
    ------
    typer.Exit
        With code 1, after the sentence was printed to the error stream; with `INTERRUPTED` after
        Ctrl-C.
    """
    try:
        yield
    except PlanningError as error:
        head = "错误" if language == "zh" else "Error"
        lines = error.sentence(language).splitlines()
        typer.echo(
            "\n".join([f"{head}: {plain(lines[0])}", *map(str, map(plain, lines[1:]))]), err=True
        )
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        typer.echo("已中断" if language == "zh" else "Interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from error
