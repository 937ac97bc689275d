"""
Minutes of an approval meeting: its opinions as a Word document, a workbook and plain JSON values.

All hold the same rows. The Word document fills a template, ours or the office's own: a .docx whose
fields are those of `_fields`, such as ``{{ district }}`` and ``{%tr for o in opinions %}``.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd
from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from openpyxl import Workbook

from exports.archive import dated
from exports.cover_sheet import write_cover
from exports.json_table import records
from exports.table_sheet import write_table
from geo.errors import DataError
from layers.column import Column, DType
from layers.district import District
from programme.opinions import ANSWERS, STATES, Noted, body_label, counts, estate_label
from rules.book import Book
from wording import Language, say, text

TEMPLATE = Path(__file__).with_name("minutes.docx")
"""The template that is used where an office has none of its own."""
MOST_TEMPLATE_MB = 16
_UNFIT = (
    OSError, OpcError, BadZipFile, TemplateError,
    ArithmeticError, LookupError, TypeError, ValueError,
)  # fmt: skip
_CODES = {"answer": ANSWERS, "state": STATES}


@dataclass(frozen=True, eq=False, slots=True)
class Minutes:
    """
    The opinions on a district as of a day.

    Attributes
    ----------
    district : District
        That was discussed.
    book : Book
        The rulebook, which names the bodies.
    opinions : sequence of Noted
        As the journal holds them.
    as_of : datetime.date
        What is not answered by then is late.
    """

    district: District
    book: Book
    opinions: Sequence[Noted]
    as_of: date

    def line(self, language: Language) -> str:
        """Return how many there are of each answer, in a sentence."""
        return say("opinions.line", language, **counts(self.opinions, self.as_of))


def _column(name: str, dtype: DType = "str") -> Column:
    words = text(f"opinions.{name}")
    return Column(name, dtype, words.zh, words.en, codes=_CODES.get(name))


COLUMNS = (
    _column("number", "int"),
    _column("estate_id"),
    _column("sheet"),
    _column("edition"),
    _column("words"),
    _column("body"),
    _column("person"),
    _column("due", "date"),
    _column("answer"),
    _column("reason"),
    _column("is_done", "bool"),
    _column("state"),
    _column("by"),
)
"""What people get of an opinion, in order."""


def minutes_table(minutes: Minutes, language: Language) -> pd.DataFrame:
    """Return the opinions as rows of `COLUMNS`, estates and bodies by name, None for nothing."""
    rows = []
    for one in minutes.opinions:
        opinion = one.opinion
        rows.append(
            {
                "number": one.number,
                "estate_id": estate_label(minutes.district, opinion.estate_id, language),
                "sheet": opinion.sheet or None,
                "edition": opinion.edition or None,
                "words": opinion.words,
                "body": body_label(minutes.book, opinion.body, language),
                "person": opinion.person or None,
                "due": opinion.due or None,
                "answer": str(opinion.answer),
                "reason": opinion.reason or None,
                "is_done": opinion.is_done,
                "state": str(opinion.state(minutes.as_of)),
                "by": one.by,
            }
        )
    return pd.DataFrame(rows, columns=[column.name for column in COLUMNS])


def said_table(minutes: Minutes, language: Language) -> pd.DataFrame:
    """Return `minutes_table` with words for codes and "" for nothing."""
    table = minutes_table(minutes, language)
    for name, codes in _CODES.items():
        table[name] = [codes[code][language] for code in table[name]]
    return table.astype(object).where(table.notna(), "")


def minutes_document(minutes: Minutes) -> dict[str, Any]:
    """Return the minutes as plain JSON values."""
    return {
        "district": minutes.district.label["zh"],
        "is_synthetic": minutes.district.is_synthetic,
        "as_of": minutes.as_of.isoformat(),
        "counts": counts(minutes.opinions, minutes.as_of),
        "opinions": records(minutes_table(minutes, "zh")),
    }


def minutes_workbook(minutes: Minutes, language: Language = "zh") -> bytes:
    """Return the minutes as the bytes of an .xlsx workbook, the same for the same opinions."""
    workbook = Workbook(write_only=True)
    cover = workbook.create_sheet(say("workbook.cover", language))
    district = minutes.district
    facts = [
        (say("workbook.district", language), district.label[language]),
        (say("workbook.as_of", language), minutes.as_of.isoformat()),
        (say("opinions.title", language), minutes.line(language)),
    ]
    title = say("opinions.minutes", language)
    write_cover(cover, title, facts, language, marked=district.is_synthetic)
    sheet = workbook.create_sheet(say("opinions.title", language))
    write_table(sheet, minutes_table(minutes, language), COLUMNS, language=language)
    out = io.BytesIO()
    workbook.save(out)
    return dated(out.getvalue(), minutes.as_of.isoformat())


def minutes_docx(minutes: Minutes, language: Language = "zh", template: Path = TEMPLATE) -> bytes:
    """
    Return the minutes as the bytes of a .docx document, the same for the same opinions.

    Parameters
    ----------
    minutes : Minutes
        What is written.
    language : {"zh", "en"}, default "zh"
        Of headings and labels.
    template : pathlib.Path, optional
        A .docx with fields, filled in a sandbox that lets it call nothing.

    Raises
    ------
    DataError
        If the template cannot be read or filled.
    """
    try:
        if template.stat().st_size > MOST_TEMPLATE_MB * 1024**2:
            expected = text("opinions.template_size", n=MOST_TEMPLATE_MB)
            raise DataError(
                f"{template.name}: expected {expected.en}", f"{template.name}：应为{expected.zh}"
            )
        document = DocxTemplate(str(template))
        document.render(_fields(minutes, language), SandboxedEnvironment(autoescape=True))
    except (
        OSError,
        OpcError,
        BadZipFile,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        TemplateError,
    ) as error:
        raise DataError(
            f"{template.name}: cannot be filled as a template ({error})",
            f"{template.name}：不能作为模板填写（{error}）",
        ) from error
    out = io.BytesIO()
    document.save(out)
    return dated(out.getvalue(), minutes.as_of.isoformat())


def _fields(minutes: Minutes, language: Language) -> Mapping[str, Any]:
    """Return the fields of a template: texts, the opinions by column, and headings by column."""
    return {
        "title": say("opinions.minutes", language),
        "district": minutes.district.label[language],
        "mark": say("workbook.synthetic", language) if minutes.district.is_synthetic else "",
        "as_of": minutes.as_of.isoformat(),
        "line": minutes.line(language),
        "opinions": said_table(minutes, language).to_dict("records"),
        "heads": {column.name: text(f"opinions.{column.name}")[language] for column in COLUMNS},
        "words": {
            name: say(f"opinions.{name}", language) for name in ("district", "as_of", "none")
        },
    }
