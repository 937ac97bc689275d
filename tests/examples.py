"""How many examples a property is tried on: few at a desk, more in CI, all on demand."""

from hypothesis import HealthCheck, settings


def examples(count: int, *, suppress_health_check: tuple[HealthCheck, ...] = ()) -> settings:
    """
    Return the settings of a property that is tried on `count` examples when tried thoroughly.

    Parameters
    ----------
    count : int
        Examples under the profile `thorough`, whose own number is 100; others in proportion.
    suppress_health_check : tuple of hypothesis.HealthCheck, default ()
        Checks that the property fails for a known reason.
    """
    share = count * settings().max_examples // 100
    return settings(max_examples=max(share, 2), suppress_health_check=suppress_health_check)
