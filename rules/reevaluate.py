"""
Re-evaluate: the findings after an edit, of which only those are judged that the edit can change.

A rule is judged again if the edit touches anything it reads (`rules.measures.reads`); doors, walks
and everything else in the evaluation context that the edit leaves as it was is used again. The
result equals `rules.evaluate.evaluate` on the edited district bit for bit.
"""

from edits import Edit, apply
from rules.evaluate import Evaluation, judge_rule
from rules.findings import findings_frame, patched, restated
from rules.measures import reads
from rules.reads import ESTATE_KEYS, Touched


def reevaluate(before: Evaluation, edit: Edit, *, assumed: bool = False) -> Evaluation:
    """
    Return the evaluation of the district after an edit.

    Parameters
    ----------
    before : Evaluation
        Of the district that the edit starts from.
    edit : Edit
        Changes of rows, in the district's working CRS.
    assumed : bool, default False
        As for `edits.apply`: whether the edit is tried, not recorded.

    Raises
    ------
    EditConflictError
        If a row is not as the edit expects it.
    DataError
        If a value breaks its layer's spec, or an id leads to no row afterwards.
    CrsError
        If the edit is in another CRS.
    """
    former = before.context
    district = apply(former.district, edit, assumed=assumed)
    touched = Touched.by(edit, former.district, district)
    context = former.after(district, touched)
    rules = [former.book.by_id[rule] for rule in before.findings["rule_id"].cat.categories]
    if touched.meets(ESTATE_KEYS):
        found = [judge_rule(context, rule) for rule in rules]
        findings = findings_frame(found, district, former.book, former.as_of)
        return Evaluation(context, findings)
    again = [rule for rule in rules if touched.meets(reads(rule, former.book))]
    judged = {rule.id: judge_rule(context, rule) for rule in again}
    findings = restated(patched(before.findings, judged), district, former.book, former.as_of)
    return Evaluation(context, findings)
