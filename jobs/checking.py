"""`litong check`: read a district, evaluate it by the rulebook, print, write."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from exports.csv_table import findings_csv
from exports.geopackage import findings_package
from exports.shapefile import gaps_shapefile
from exports.xlsx import findings_workbook
from geo.errors import StoreError
from jobs.opening import reading_at
from jobs.printing import progress_bar, show
from jobs.report import print_account, print_summary, print_walkways
from layers.findings import is_gap
from services.assessment import Assessment, Workspace, assess
from services.check_document import check_document
from store.atomic import replacing, require_writable
from views.map.standalone import write_map
from wording import Language, say


def check_district(
    path: Path,
    as_of: date,
    outs: Sequence[Path],
    *,
    offline_map: Path | None,
    language: Language,
) -> set[str]:
    """
    Check a district and write what was asked for; return the outcomes of the gaps.

    Raises
    ------
    PlanningError
        If the district, the rulebook or a target cannot be used.
    """
    targets = [*outs, *([offline_map] if offline_map else [])]
    _check_targets(path.resolve(), targets)
    reading = reading_at(path, language)
    print_account(reading.tables, language)
    workspace = Workspace.of(reading.district)
    district, book = workspace.district, workspace.book
    with progress_bar(say("check.step", language)) as advance:
        found = assess(workspace, as_of, advance)
    print_walkways(found.workspace.walkways, language)
    print_summary(found.joined("gap_kind", "safety"), district, book, as_of, language)
    if outs:
        _write_findings(outs, found, language)
    if offline_map:
        write_map(district, book, found.findings, offline_map, language)
    for target in targets:
        show("terminal.wrote", language, path=target)
    return set(found.findings.loc[is_gap(found.findings), "outcome"])


def _check_targets(source: Path, targets: Sequence[Path]) -> None:
    """Raise if a target would overwrite the district in `source`, or cannot be written."""
    for target in targets:
        place = target.resolve()
        if place == source or (place.parent == source and place.name.startswith("district.")):
            raise StoreError(
                f"{target}: would overwrite the district itself; choose another file",
                f"{target}：会覆盖区域数据本身，请换一个文件名",
            )
        require_writable(target)


def _write_findings(outs: Sequence[Path], found: Assessment, language: Language) -> None:
    district, book, table = found.workspace.district, found.workspace.book, found.full
    for path in outs:
        if path.suffix.lower() == ".gpkg":
            findings_package(table, district, path)
        elif path.suffix.lower() == ".xlsx":
            _write_bytes(path, findings_workbook(table, district, book, language))
        elif path.suffix.lower() == ".zip":
            _write_bytes(path, gaps_shapefile(table, district))
        elif path.suffix.lower() == ".json":
            _write_bytes(path, check_document(found))
        else:
            _write_bytes(path, findings_csv(table, language))


def _write_bytes(path: Path, content: bytes) -> None:
    with replacing(path) as scratch:
        scratch.write_bytes(content)
