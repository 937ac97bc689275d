"""
Self-tests: every rule answers its own examples, by the code that judges districts, or is refused.

An example is a number (the value itself) or a row: columns of the rule's layer for checklists and
pipes, `of` and `per` for ratios. What is left out is unknown.
"""

from collections.abc import Iterable

from geo.errors import StandardError
from rules.measures import MEASURES, sample
from rules.model import Rule
from rules.verdict import OUTCOMES


def run_self_tests(rules: Iterable[Rule]) -> int:
    """
    Run every self-test and return their number.

    Raises
    ------
    StandardError
        At the first that fails, naming rule, test, expected and got.
    """
    tests = [(rule, number, test) for rule in rules for number, test in enumerate(rule.tests, 1)]
    for rule, number, test in tests:
        got = OUTCOMES[MEASURES[rule.measure.by].judge(rule, sample(rule, test.m)).code[0]]
        if test.expect != got:
            raise StandardError(
                f"rule {rule.id}, self-test {number} ({test.m}): expected {test.expect}, got {got}",
                f"规则 {rule.id} 自检 {number}（{test.m}）：应为 {test.expect}，得到 {got}",
            )
    return len(tests)
