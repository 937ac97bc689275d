"""
Units as offices write them, in headings, head lines, rows of units and cells.

A unit is a scale (百, 万, 亿 ...) and a measure (㎡, 亩, 元, 户 ...), perhaps per another
(万元/户). What converts into what follows from the measures: 万㎡ into m², never into 元.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from intake.letters import comparable

_SCALES = {
    "十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8,
}  # fmt: skip
_MU = 10_000 / 15  # m²

_MEASURES: dict[str, tuple[str, float, str]] = {
    "area": ("m²", 1.0, "m2 m² m^2 平方米 平米 平方 平 sqm sq.m squaremetres 建筑平方米"),
    "area mu": ("m²", _MU, "亩 市亩 mu"),
    "area ha": ("m²", 1e4, "公顷 ha hm2 hectare hectares"),
    "area km": ("m²", 1e6, "km2 km² 平方公里 平方千米"),
    "area cm": ("m²", 1e-4, "cm2 平方厘米"),
    "money": ("元", 1.0, "元 圆 人民币 人民币元 rmb cny yuan"),
    "length": ("m", 1.0, "m 米 metre metres meter meters 延米 延长米"),
    "length km": ("m", 1e3, "km 公里 千米"),
    "length dm": ("m", 1e-1, "dm 分米"),
    "length cm": ("m", 1e-2, "cm 厘米 公分"),
    "length mm": ("m", 1e-3, "mm 毫米"),
    "volume": ("m³", 1.0, "m3 立方米 立方 方"),
    "mass": ("kg", 1.0, "kg 公斤 千克"),
    "mass t": ("kg", 1e3, "t 吨"),
    "share": ("比例", 1.0, "比例 小数"),
    "share %": ("比例", 1e-2, "% 百分比 百分数 百分率 pct percent"),
    "share ‰": ("比例", 1e-3, "‰ 千分比"),
    "households": ("户", 1.0, "户 家 households"),
    "persons": ("人", 1.0, "人 口 persons"),
    "count": (
        "个",
        1.0,
        "个 处 株 棵 件 座 栋 幢 辆 位 层 班 套 台 盏 根 条 段 床 张 部 只 组 格 席 间 支 块",
    ),
    "year": ("年", 1.0, "年"),
    "age": ("岁", 1.0, "岁"),
    "angle": ("°", 1.0, "° 度"),
    "power": ("kW", 1.0, "kw 千瓦"),
    "apparent power": ("kVA", 1.0, "kva 千伏安"),
    "pressure": ("MPa", 1.0, "mpa 兆帕"),
    "voltage": ("kV", 1.0, "kv 千伏"),
}
_NAMES = {
    name: (measure, factor)
    for measure, factor, names in _MEASURES.values()
    for name in names.split()
}
_CHOICES = {
    "m²": ("m²", "百m²", "千m²", "万m²", "亩", "公顷", "km²"),
    "元": ("元", "百元", "千元", "万元", "百万元", "亿元"),
    "m": ("m", "cm", "mm", "km"),
    "cm": ("cm", "mm", "m"),
    "mm": ("mm", "cm", "m"),
    "比例": ("比例", "%", "‰"),
    "kg": ("kg", "吨"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """
    What a number in this unit measures, and how much one of it is.

    Attributes
    ----------
    measure : str
        ``"m²"``, ``"元"``, ``"元/户"`` ...; "" for a bare scale such as 万.
    factor : float
        Of the measure.
    """

    measure: str
    factor: float


@lru_cache(maxsize=4096)
def parse(text: str) -> Unit | None:
    """Return the unit that a text is as a whole, in any width, case or brackets; None if none."""
    plain = re.sub(r"\s", "", comparable(text)).strip("()[]【】").lower().replace("每", "/")
    above, per, below = plain.partition("/")
    upper = _simple(above)
    if not per or upper is None:
        return upper
    lower = _simple(below)
    if lower is None or not upper.measure or not lower.measure:
        return None
    return Unit(f"{upper.measure}/{lower.measure}", upper.factor / lower.factor)


def _simple(text: str) -> Unit | None:
    if text in _NAMES:
        return Unit(*_NAMES[text])
    for scale in sorted(_SCALES, key=len, reverse=True):
        if text == scale:
            return Unit("", _SCALES[scale])
        rest = text.removeprefix(scale)
        if rest != text and rest in _NAMES:
            measure, factor = _NAMES[rest]
            return Unit(measure, factor * _SCALES[scale])
    return None


def conversion(unit: str, own: str) -> float | None:
    """
    Return what a number in `unit` is multiplied by to be in `own`, a column's unit.

    A bare scale (万) multiplies whatever the column counts; a column without a unit takes counts
    and years. None where the two do not measure the same thing, or `unit` is no unit.
    """
    given = parse(unit)
    if given is None:
        return None
    if not own:
        return given.factor if given.measure in {"", "个", "户", "人", "年"} else None
    target = parse(own)
    if target is None:
        return None
    if not given.measure:
        return given.factor
    return given.factor / target.factor if given.measure == target.measure else None


def choices(own: str) -> tuple[str, ...]:
    """Return the units that a survey may be in for a column in `own`, the column's own first."""
    known = _CHOICES.get(own, (own, f"百{own}", f"千{own}", f"万{own}"))
    return tuple(unit for unit in known if conversion(unit, own) is not None)


def listed(text: str) -> tuple[str, ...]:
    """Return the units of a list such as 万元、万平方米; empty unless every part is one."""
    parts = [
        part for part in re.split(r"[、,，;；\s]|和|及|与", comparable(text).strip(" 。.")) if part
    ]
    return tuple(parts) if parts and all(parse(part) for part in parts) else ()
