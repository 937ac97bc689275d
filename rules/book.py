"""
Book: the rulebook of a district, loaded, overlaid, checked and self-tested.

The national layer always applies; overlays narrow it in the order of ``meta.layers``. A book that
contradicts itself, or a rule that fails its own tests, is refused.
"""

import hashlib
import json
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, ValidationError

import layers
from clearances.requirements import read_requirements
from geo.errors import StandardError
from layers.facilities import KINDS as FACILITY_KINDS
from rules.bodies import Department, Item, Supply
from rules.conventions import (
    Accuracy,
    Assumption,
    Circle,
    LeastSize,
    Lifts,
    MaxAge,
    PipeChecks,
    Planting,
    Programme,
    Walking,
)
from rules.grammar import Adequacy, Area, Checklist, Places
from rules.margin import QUANTITIES
from rules.model import Book, Family, Rule, Source, Waiver
from rules.overlay import Raw, overlaid, read_layer
from rules.selftest import run_self_tests

ROOT = Path(__file__).parent / "rulebook"
NATIONAL = "national"
PROJECT = "project"

__all__ = ["Book", "load_book"]

_M = TypeVar("_M", bound=BaseModel)


def load_book(overlays: Sequence[str] = (), extra: Sequence[Path] = ()) -> Book:
    """
    Load the rulebook; without files of the project, once in the life of the process.

    Parameters
    ----------
    overlays : sequence of str
        Layers of the rulebook to lay over the national one, from the widest to the narrowest.
    extra : sequence of Path
        Folders or TOML files of the project, laid over last.

    Raises
    ------
    StandardError
        If the book contradicts itself, an overlay loosens what is locked, or a rule fails its own
        tests; naming rule, test, expected and got.
    """
    return _shipped(tuple(overlays)) if not extra else _loaded(overlays, extra)


@lru_cache(maxsize=16)
def _shipped(overlays: tuple[str, ...]) -> Book:
    return _loaded(overlays, ())


def _loaded(overlays: Sequence[str], extra: Sequence[Path]) -> Book:
    """Read the layers, lay them over each other, and check what comes out."""
    raw = read_layer(NATIONAL, ROOT / NATIONAL)
    _require_order(overlays, raw["meta"]["layers"])
    for name in overlays:
        raw = overlaid(raw, read_layer(name, ROOT / name))
    for path in extra:
        raw = overlaid(raw, read_layer(PROJECT, path))
    applied = (NATIONAL, *overlays, *(path.stem for path in extra))
    book = _built(raw, applied)
    _check(book)
    run_self_tests(book.rules)
    return book


def _require_order(overlays: Sequence[str], known: Sequence[str]) -> None:
    places = [known.index(name) if name in known[1:] else -1 for name in overlays]
    if -1 in places or sorted(set(places)) != places:
        raise StandardError(
            f"overlays {list(overlays)}: expected some of {list(known[1:])}, in this order",
            f"规则图层 {list(overlays)}：应取自 {list(known[1:])}，且依此顺序",
        )


def _built(raw: Raw, overlays: tuple[str, ...]) -> Book:
    """Turn the merged tables into models and take the digest."""
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, default=str)
    sources = _models(Source, raw["source"])
    rules = [_model(Rule, _dated(rule, sources), str(rule.get("id"))) for rule in raw["rule"]]
    items = [_model(Item, item, str(item.get("id"))) for item in raw["item"]]
    place = {item.id: number for number, item in enumerate(items)}
    return Book(
        meta=MappingProxyType(raw["meta"]),
        overlays=overlays,
        sources=sources,
        departments=_models(Department, raw["department"]),
        items=MappingProxyType({item.id: item for item in items}),
        circles=_models(Circle, raw["circle"]),
        rules=tuple(sorted(rules, key=lambda rule: place.get(rule.item, -1))),
        families=_models(Family, raw["family"]),
        programme=_model(Programme, raw["programme"], "programme"),
        waivers=tuple(_model(Waiver, w, f"waive {w.get('rule')}") for w in raw.get("waive", [])),
        demography=_models(Assumption, raw["demography"]),
        supply=_models(Supply, raw["supply"]),
        clearances=read_requirements(raw["clearance"], raw["pipes"]),
        pipes=MappingProxyType(raw["pipes"]),
        planting=_model(Planting, raw.get("planting", {}), "planting"),
        walking=_model(Walking, raw["walking"], "walking"),
        lifts=_model(Lifts, raw["lifts"], "lifts"),
        pipe_checks=_model(PipeChecks, raw["pipe_checks"], "pipe_checks"),
        least_size=_models(LeastSize, raw["least_size"]),
        accuracy=_models(Accuracy, raw["accuracy"]),
        max_age=_models(MaxAge, raw["max_age"]),
        towns=MappingProxyType({str(zh): str(en) for zh, en in raw.get("towns", {}).items()}),
        scoring=MappingProxyType(raw["scoring"]),
        place=MappingProxyType(raw.get("place", {})),
        version=hashlib.sha256(text.encode()).hexdigest(),
    )


def _dated(rule: Raw, sources: Mapping[str, Source]) -> Raw:
    """Return the rule with the first day of its source where it gives none of its own."""
    source = sources.get(str(rule.get("source")))
    begun = source.effective_from if source is not None else None
    return rule if begun is None else {"effective_from": begun, **rule}


def _models(model: type[_M], tables: Mapping[str, Raw]) -> Mapping[str, _M]:
    return MappingProxyType({key: _model(model, table, key) for key, table in tables.items()})


def _model(model: type[_M], table: Raw, where: str) -> _M:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise StandardError(
            f"rulebook {model.__name__.lower()} {where}: {place}: {first['msg']}",
            f"规则库 {where} 的 {place} 有误：{first['msg']}",
        ) from error


def _check(book: Book) -> None:
    """Refuse a book whose parts do not know each other."""
    _require_unique(rule.id for rule in book.rules)
    for item in book.items.values():
        _require_known(item.id, "department", item.departments, book.departments)
    for layer, supply in book.supply.items():
        _check_supply(book, layer, supply)
    _require_known("programme", "source", (book.programme.source,), book.sources)
    for name, assumption in book.demography.items():
        _require_known(name, "source", (assumption.source,), book.sources)
    for waiver in book.waivers:
        _require_known("waive", "rule", (waiver.rule,), book.by_id)
        if book.by_id[waiver.rule].locked:
            raise StandardError(
                f"rule {waiver.rule} is locked and cannot be waived",
                f"规则 {waiver.rule} 已锁定，不得豁免",
            )
    _check_sizes(book)
    _check_accuracy(book)
    _check_ages(book)
    for rule in book.rules:
        _check_rule(book, rule)
    for name, family in book.families.items():
        _check_family(book, name, family)


def _check_sizes(book: Book) -> None:
    for name, convention in (
        ("walking", book.walking),
        ("planting", book.planting),
        ("lifts", book.lifts),
        ("pipe_checks", book.pipe_checks),
    ):
        _require_known(name, "source", (convention.source,), book.sources)
    for name, size in book.least_size.items():
        _require_known(f"least_size {name}", "source", (size.source,), book.sources)
        _require_known(f"least_size {name}", "kind", size.kinds, FACILITY_KINDS)


def _check_accuracy(book: Book) -> None:
    for quantity, accuracy in book.accuracy.items():
        _require_known("accuracy", "quantity", (quantity,), QUANTITIES)
        _require_known(f"accuracy {quantity}", "source", (accuracy.source,), book.sources)


def _check_ages(book: Book) -> None:
    """Refuse ages that name a layer twice, and all but one for the layers that none names."""
    named = [layer for age in book.max_age.values() for layer in age.layers]
    for name, age in book.max_age.items():
        _require_known(f"max_age {name}", "source", (age.source,), book.sources)
        _require_known(f"max_age {name}", "layer", age.layers, layers.SURVEYED)
    odd = sorted(layer for layer in layers.SURVEYED if named.count(layer) > 1)
    if odd:
        raise StandardError(
            f"max_age: {odd[0]} is in {named.count(odd[0])} tables; expected one at most",
            f"max_age：{odd[0]} 出现在 {named.count(odd[0])} 个表中，至多应为一个",
        )
    others = sum(not age.layers for age in book.max_age.values())
    if others != 1:
        raise StandardError(
            f"max_age: {others} tables name no layer; expected one, for all other layers",
            f"max_age：{others} 个表没有列出图层，应恰有一个，用于其余图层",
        )


def _check_supply(book: Book, layer: str, supply: Supply) -> None:
    _require_known("supply", "layer", (layer,), layers.SURVEYED)
    _require_known(f"supply.{layer}", "department", supply.departments, book.departments)
    columns = {column.name: column for column in layers.ALL[layer].columns}
    _require_known(f"supply.{layer}", "column", supply.columns, columns)
    kinds = (columns["kind"].codes or {}) if "kind" in columns else {}
    _require_known(f"supply.{layer}", "kind", supply.kinds, kinds)


def _check_family(book: Book, name: str, family: Family) -> None:
    """Refuse a family of unknown rules, of several items, or with a rule of another family."""
    _require_known(f"family {name}", "rule", family.rules, book.by_id)
    items = {book.by_id[rule].item for rule in family.rules}
    strangers = [rule for rule in family.rules if book.family_of[rule] != name]
    if len(items) > 1 or strangers:
        raise StandardError(
            f"family {name}: expected rules of one item that are in no other family",
            f"规则族 {name}：应为同一改造内容且不属于其他规则族的规则",
        )


def _check_rule(book: Book, rule: Rule) -> None:
    _require_known(rule.id, "item", (rule.item, *rule.condition_of), book.items)
    _require_known(rule.id, "source", (rule.source,), book.sources)
    _check_dates(rule, book.sources[rule.source])
    _require_known(rule.id, "supplier", (rule.supplier,) * bool(rule.supplier), book.departments)
    measure = rule.measure
    if isinstance(measure, (Adequacy, Area, Checklist, Places)) and measure.within:
        reaches = {name for name, circle in book.circles.items() if circle.distance_m}
        _require_known(rule.id, "life circle", (measure.within,), reaches)
    among = getattr(measure, "among", "")
    if among:
        checklists = {r.id for r in book.rules if isinstance(r.measure, Checklist)}
        _require_known(rule.id, "checklist rule", (among,), checklists)


def _check_dates(rule: Rule, source: Source) -> None:
    """Refuse a rule that is asked while its source is out of force without saying why."""
    begun, ended = source.effective_from, source.effective_to
    if begun is not None and rule.effective_from is not None and rule.effective_from < begun:
        raise StandardError(
            f"rule {rule.id} begins on {rule.effective_from}, before its source ({begun})",
            f"规则 {rule.id} 自 {rule.effective_from} 起，早于其来源施行日 {begun}",
        )
    outlives = ended is not None and (rule.effective_to is None or rule.effective_to > ended)
    if outlives != bool(rule.kept_after):
        wants = "give effective_to or kept_after" if outlives else "no kept_after is needed"
        wants_zh = "须写 effective_to 或 kept_after" if outlives else "无须 kept_after"
        raise StandardError(
            f"rule {rule.id}: its source ends on {ended or '-'}: {wants}",
            f"规则 {rule.id} 的来源止于 {ended or '—'}：{wants_zh}",
        )


def _require_unique(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for rule in ids:
        if rule in seen:
            raise StandardError(f"rule {rule} is given twice", f"规则 {rule} 重复")
        seen.add(rule)


def _require_known(where: str, what: str, names: Iterable[str], known: Container[str]) -> None:
    for name in names:
        if name not in known:
            raise StandardError(
                f"rulebook {where}: no {what} {name}", f"规则库 {where}：没有 {what} {name}"
            )
