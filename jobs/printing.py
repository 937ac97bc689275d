"""What the terminal shows: plain text, whatever the data hold."""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from geo.errors import PlanningError
from wording import Language, say


def plain(value: object) -> Text:
    """Return `value` as text without markup and without characters that steer a terminal."""
    return Text("".join(c if _is_shown(c) else "\N{REPLACEMENT CHARACTER}" for c in str(value)))


def _is_shown(character: str) -> bool:
    # Python calls every space but the first of ASCII unprintable, the Chinese one too.
    return character.isprintable() or unicodedata.category(character) == "Zs"


def console() -> Console:
    """Return the terminal; a file or a pipe gets no colours and no moving bar."""
    return Console(highlight=False, markup=False, soft_wrap=True)


def show(key: str, language: Language, **values: object) -> None:
    """Print the text of `key`, its fields filled with `values`."""
    console().print(plain(say(key, language, **values)))


def confirm(key: str, language: Language, **values: object) -> bool:
    """Ask the question of `key` and return whether the answer was yes."""
    return typer.confirm(str(plain(say(key, language, **values))))


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[float, str], None]]:
    """Yield a callback (share done, step) that moves a bar on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(), transient=True) as progress:
        task = progress.add_task(label, total=1.0)
        yield lambda share, _step: progress.update(task, completed=share)


INTERRUPTED = 130
"""Exit code that a shell expects of a program that Ctrl-C ended."""


@contextmanager
def sentences(language: Language) -> Iterator[None]:
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
    except typer.Abort as error:  # Ctrl-C, or the end of the input, where a question was asked
        typer.echo(say("terminal.interrupted", language), err=True)
        raise typer.Exit(INTERRUPTED) from error
    except PlanningError as error:
        head = say("terminal.error", language)
        lines = error.sentence(language).splitlines()
        typer.echo(
            "\n".join([f"{head}: {plain(lines[0])}", *map(str, map(plain, lines[1:]))]), err=True
        )
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        typer.echo(say("terminal.interrupted", language), err=True)
        raise typer.Exit(INTERRUPTED) from error
