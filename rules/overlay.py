"""
Overlays: how a narrower layer of the rulebook changes a wider one.

A layer adds sources, rules and waivers, gives bodies and items their local facts, and changes a
rule by ``[[change]]`` with who, when and why. What is `locked` can only be made stricter.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from geo.errors import StandardError
from rules.model import Changed, Signed

Raw: TypeAlias = dict[str, Any]

_LISTS = {"rule": "id", "item": "id", "change": "", "waive": ""}
_SIGNED_TABLES = (
    "accuracy",
    "clearance",
    "circle",
    "least_size",
    "lifts",
    "max_age",
    "pipe_checks",
    "planting",
    "programme",
    "scoring",
    "walking",
)
_SIGNATURE = ("why", "who", "when")
_LOCKED_TEXTS = {"metric_zh", "metric_en", "definition", "note", "verified", "facts", "tests"}
_TIGHTENED = ("value", "missing_beyond")


def read_layer(name: str, path: Path) -> Raw:
    """
    Read every TOML file of a layer's folder (or one file) into one table, each rule marked `name`.

    Raises
    ------
    StandardError
        If there is none, one cannot be parsed, or one key is given twice.
    """
    files = sorted(path.rglob("*.toml")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise StandardError(
            f"rulebook layer {name}: no TOML file", f"规则库图层 {name}：没有 TOML 文件"
        )
    layer: Raw = {"name": name}
    for file in files:
        try:
            part = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise StandardError(
                f"rulebook file {file.name}: {error}", f"规则库文件 {file.name}：{error}"
            ) from error
        if name != "national":
            _require_signature(part, file.name)
        _join(layer, part, file.name)
    return layer


def _require_signature(part: Raw, file: str) -> None:
    """Refuse a narrower layer that touches a shared table without saying why, who and when."""
    touched = [table for table in _SIGNED_TABLES if table in part]
    if touched and not set(_SIGNATURE) <= set(part.get("signed", {})):
        raise StandardError(
            f"{file}: changes {touched[0]} without a [signed] table of why, who and when",
            f"{file}：修改 {touched[0]} 未附 [signed]（why、who、when）",
        )


def _join(layer: Raw, part: Raw, file: str) -> None:
    """Add one file's tables to its layer; nothing is given twice within a layer."""
    for table, content in part.items():
        if table in _LISTS:
            layer.setdefault(table, []).extend(content)
            continue
        have = layer.setdefault(table, {})
        twice = sorted(set(have) & set(content)) if table != "signed" else []
        if twice:
            raise StandardError(
                f"{file}: {table}.{twice[0]} is given twice in this layer",
                f"{file}：{table}.{twice[0]} 在本图层中重复",
            )
        have.update(content)


def overlaid(wide: Raw, narrow: Raw) -> Raw:
    """
    Return `wide` as `narrow` changes it; neither is written to.

    Raises
    ------
    StandardError
        For a source that exists already, a change of what does not exist, an unsigned change, or a
        locked rule made looser.
    """
    book = dict(wide)
    for table, content in narrow.items():
        if table == "item":
            book["item"] = _items(wide["item"], content)
        elif table in ("rule", "waive"):
            book[table] = [*wide.get(table, []), *content]
        elif table == "source":
            book["source"] = _added(wide["source"], content, narrow["name"])
        elif table not in ("change", "name", "signed"):
            book[table] = _merged(wide.get(table, {}), content)
    rules = {rule["id"]: rule for rule in book["rule"]}
    for change in narrow.get("change", []):
        target = _target(change, rules)
        rules[target] = _changed(rules[target], change, narrow["name"])
    book["rule"] = [rules[rule["id"]] for rule in book["rule"]]
    return book


def _target(change: Raw, rules: Mapping[str, Raw]) -> str:
    rule = str(change.get("rule", ""))
    if rule not in rules:
        raise StandardError(
            f"a change names no known rule: {rule!r}", f"修改的规则不存在：{rule!r}"
        )
    return rule


def _added(have: Raw, more: Raw, layer: str) -> Raw:
    twice = sorted(set(have) & set(more))
    if twice:
        raise StandardError(
            f"{layer}: source {twice[0]} exists already", f"{layer}：来源 {twice[0]} 已存在"
        )
    return {**have, **more}


def _items(have: Iterable[Raw], more: Iterable[Raw]) -> list[Raw]:
    """Return items by id, an existing one with the fields that a narrower layer gives."""
    items = {item["id"]: item for item in have}
    for item in more:
        items[item["id"]] = {**items.get(item["id"], {}), **item}
    return list(items.values())


def _merged(have: Raw, more: Raw) -> Raw:
    """Return tables merged key by key, to any depth; lists are replaced."""
    deeper = {
        key: _merged(have[key], value)
        for key, value in more.items()
        if isinstance(value, dict) and isinstance(have.get(key), dict)
    }
    return {**have, **more, **deeper}


def _changed(rule: Raw, change: Raw, layer: str) -> Raw:
    """Return the rule with the change made and recorded."""
    fields = {k: v for k, v in change.items() if k not in ("rule", *_SIGNATURE)}
    unknown = {"id", "changes", "item"} & set(fields)
    if unknown:
        raise StandardError(
            f"rule {rule['id']}: {min(unknown)} cannot be changed",
            f"规则 {rule['id']}：{min(unknown)} 不可修改",
        )
    if rule["override"] == "locked":
        _require_stricter(rule, fields)
    signed = _signature(rule, change)
    record = [
        Changed(
            **signed,
            overlay=layer,
            field=field,
            before=str(rule.get(field, "")),
            after=str(value),
        )
        for field, value in fields.items()
        if field != "tests"
    ]
    return {**rule, **fields, "changes": [*rule.get("changes", []), *record]}


def _signature(rule: Raw, change: Raw) -> Raw:
    """Return why, who and when."""
    given = {key: change[key] for key in _SIGNATURE if key in change}
    try:
        return Signed.model_validate(given).model_dump()
    except ValidationError as error:
        raise StandardError(
            f"rule {rule['id']}: a change needs why, who and when",
            f"规则 {rule['id']}：修改须写明 why（理由）、who（何人）、when（日期）",
        ) from error


def _require_stricter(rule: Raw, fields: Raw) -> None:
    """Refuse any change of a locked rule but new words and a stricter number."""
    for field, new in fields.items():
        stricter = field in _LOCKED_TEXTS or (
            field in _TIGHTENED and field in rule and _is_stricter(rule, field, new)
        )
        if not stricter:
            raise StandardError(
                f"rule {rule['id']} is locked: {field} may not change from "
                f"{rule.get(field)} to {new}; it can only be made stricter",
                f"规则 {rule['id']} 已锁定：{field} 不得由 {rule.get(field)} 改为 {new}，只可从严",
            )


def _is_stricter(rule: Raw, field: str, new: float) -> bool:
    if rule["op"] == ">=" and field == "value":
        return bool(new >= rule[field])
    return bool(new <= rule[field])
