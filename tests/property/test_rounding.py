"""Properties of rounding: what is printed compares as what was measured."""

from hypothesis import example, given
from hypothesis import strategies as st

from layers.findings import UNIT_LABELS
from rules.rounding import exact, figure
from rules.verdict import SAME

UNITS = st.sampled_from(sorted(UNIT_LABELS))
THRESHOLDS = st.decimals(0, 100_000, places=4).map(float)
NEAR = st.floats(-1, 1).map(lambda x: x**9)


def _read(text):
    return float(text.rstrip("%").replace(",", ""))


@example(0.587, "", 0.25**9)  # 58.7 % is 58.699999999999996 where it is a float
@given(THRESHOLDS, UNITS, st.one_of(NEAR, st.floats(-1e6, 1e6)))
def test_a_printed_value_compares_with_the_printed_threshold_as_the_value_does(limit, unit, off):
    value = limit + off
    printed, beside = _read(figure(value, unit, limit)), _read(exact(limit, unit))
    if abs(off) <= SAME * max(1.0, limit) / 2:
        assert printed == beside
    elif abs(off) > 2 * SAME * max(1.0, limit):
        assert (printed > beside, printed < beside) == (value > limit, value < limit)


@given(st.floats(0, 1), THRESHOLDS)
def test_only_nothing_prints_as_none_and_only_all_as_all(share, limit):
    printed = _read(figure(share, "", limit))
    assert (printed == 0) <= (share <= 1e-9)
    assert (printed == 100) <= (share >= 1 - 1e-9)
