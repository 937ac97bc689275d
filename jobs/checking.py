"""`litong check`: read a district, hold it against the rulebook, print, write."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd

from exports.csv_table import findings_csv
from exports.geopackage import findings_package
from exports.shapefile import gaps_shapefile
from exports.xlsx import findings_workbook
from geo.errors import StoreError
from jobs.opening import reading_at
from jobs.printing import progress_bar, show
from jobs.report import print_account, print_summary
from layers.district import District
from rules.book import Book, load_book
from rules.evaluate import evaluate
from rules.full_table import full_table, joined
from store.atomic import replacing, require_writable
from views.map.standalone import write_map
from wording import Language, say


@dataclass(frozen=True)
class Errand:
    """What one `litong check` was asked for."""

    path: Path
    as_of: date
    outs: tuple[Path, ...]
    map_: Path | None
    language: Language


def check_district(errand: Errand) -> set[str]:
    """
    Check a district and write what was asked for; return the outcomes that occur.

    Raises
    ------
    PlanningError
        If the district, the rulebook or a target cannot be used.
    """
    _check_targets(errand)
    reading = reading_at(errand.path)
    print_account(reading.tables, errand.language)
    district = reading.district
    book = load_book(overlays=district.overlays)
    with progress_bar(say("check.step", errand.language)) as advance:
        findings = evaluate(district, book, errand.as_of, advance)
    print_summary(joined(findings, district, book, ["gap_kind"]), district, book, errand.language)
    _write_all(errand, findings, district, book)
    return set(findings["outcome"])


def _check_targets(errand: Errand) -> None:
    """Refuse to write over what is being read, or where nothing can be written."""
    source = errand.path.resolve()
    targets = [*errand.outs, *([errand.map_] if errand.map_ else [])]
    for target in targets:
        place = target.resolve()
        if place == source or (place.parent == source and place.name.startswith("district.")):
            raise StoreError(
                f"{target}: would overwrite the district itself; choose another file",
                f"{target}：会覆盖区域数据本身，请换一个文件名",
            )
        require_writable(target)


def _write_all(errand: Errand, findings: gpd.GeoDataFrame, district: District, book: Book) -> None:
    language = errand.language
    table = full_table(findings, district, book)
    for path in errand.outs:
        if path.suffix.lower() == ".gpkg":
            findings_package(table, district, path)
        elif path.suffix.lower() == ".xlsx":
            _write_bytes(path, findings_workbook(table, district, book, language))
        elif path.suffix.lower() == ".zip":
            _write_bytes(path, gaps_shapefile(table, district))
        else:
            _write_bytes(path, findings_csv(table, language))
    if errand.map_:
        write_map(district, book, findings, errand.map_, language)
    for path in [*errand.outs, *([errand.map_] if errand.map_ else [])]:
        show("terminal.wrote", language, path=path)


def _write_bytes(path: Path, content: bytes) -> None:
    with replacing(path) as scratch:
        scratch.write_bytes(content)
