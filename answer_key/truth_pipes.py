"""Answers on ageing pipes: the year, material and hazard planted for each kind and estate."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from answer_key.answers import LABELS, Answer, compare
from answer_key.grades import Case
from answer_key.pipes import Ages
from answer_key.town import Town

_FROST_M = 0.88  # 1.03 m of frost, less 0.15 m
_PLANTED_TO = 5e-4  # coordinates are kept to 0.1 mm


def pipe_answers(town: Town) -> Iterator[Answer]:
    """Answer for every kind of pipe and estate; the value is the length due for renewal [m]."""
    pipes = town.frames["pipelines"]
    ids = np.array(town.estates.ids, dtype=object)
    for ages in town.ages:
        own = pipes[(pipes["kind"] == ages.kind) & pipes["estate_id"].notna()]
        length = own.geometry.length.groupby(own["estate_id"]).sum().reindex(ids).to_numpy()
        yield from _of_kind(ages, length)


def frost_answers(town: Town) -> Iterator[Answer]:
    """Answer on the frost depth by the covers that were planted around another figure."""
    planted = next(each for each in town.planted if each.grade.rule_id == "drain.cover")
    covers = np.where(planted.cases == Case.UNKNOWN, np.nan, planted.values)
    for answer in compare("drain.frost", covers, at_least=_FROST_M, near=(), how="planted value"):
        yield replace(answer, tolerance=_PLANTED_TO)


def _of_kind(ages: Ages, length: np.ndarray) -> Iterator[Answer]:
    """All pipes of an estate's kind were given the same year, so all are due or none."""
    for estate, case in enumerate(ages.cases):
        if case == Case.UNKNOWN:
            continue
        is_due = case in {Case.BAD, Case.JUST_FAILED}
        yield Answer(
            estate,
            ages.rule_id,
            LABELS[Case(case)],
            "short" if is_due else "met",
            float(length[estate]) if is_due else 0.0,
            f"laid {ages.year[estate]}"
            + (", a material that is always due" if ages.is_bad_material[estate] else ""),
            tolerance=0.01,
        )
