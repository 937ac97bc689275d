"""What is wrong with a file of settings, in words: where, what was found and what was expected."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_FOUND_SHOWN = 60
_EXPECTED = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个设置项",
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "string_too_long": "不超过 {max_length} 个字",
    "string_pattern_mismatch": "应符合格式 {pattern}",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "greater_than_equal": "应不小于 {ge}",
    "less_than_equal": "应不大于 {le}",
    "tuple_type": '应为列表，如 ["甲", "乙"]',
    "mapping_type": "应为一组“名称 = 值”",
    "model_type": "应为一组“名称 = 值”",
    "literal_error": "应为 {expected}",
}
_SAYS_ENOUGH = ("missing", "extra_forbidden")


def in_words(error: ValidationError) -> tuple[str, str]:
    """
    Return every fault of a file in one sentence, in English and in Chinese.

    A validator of our own raises `PydanticCustomError` with the Chinese words as ``zh``.
    """
    faults = [_fault(fault) for fault in error.errors(include_url=False)]
    return "; ".join(en for en, _ in faults), "；".join(zh for _, zh in faults)


def _fault(fault: ErrorDetails) -> tuple[str, str]:
    kind, context = fault["type"], fault.get("ctx", {})
    where = ".".join(map(str, fault["loc"]))
    zh = context.get("zh") or _EXPECTED.get(kind, fault["msg"]).format(**context)
    if kind in _SAYS_ENOUGH:
        return f"{where}: {fault['msg']}", f"{where}：{zh}"
    found = repr(fault["input"])[:_FOUND_SHOWN]
    return f"{where}: {fault['msg']}, found {found}", f"{where}：读到 {found}，{zh}"
