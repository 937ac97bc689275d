"""Answers on ageing pipes: the year, material and hazard planted for each kind and estate."""

from collections.abc import Iterator

import numpy as np

from demonstration.answers import LABELS, Answer
from demonstration.grades import Case
from demonstration.pipes import Ages
from demonstration.town import Town


def pipe_answers(town: Town) -> Iterator[Answer]:
    """Answer for every kind of pipe and estate; the value is the length due for renewal [m]."""
    pipes = town.frames["pipelines"]
    ids = np.array(town.estates.ids, dtype=object)
    for ages in town.ages:
        own = pipes[(pipes["kind"] == ages.kind) & pipes["estate_id"].notna()]
        length = own.geometry.length.groupby(own["estate_id"]).sum().reindex(ids).to_numpy()
        yield from _of_kind(ages, length)


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
