"""How many examples a property is tried on: all in CI, a tenth of them at a developer's desk."""

from hypothesis import HealthCheck, settings


def examples(count: int, *, suppress_health_check: tuple[HealthCheck, ...] = ()) -> settings:
    """
    Return the settings of a property that is tried on `count` examples in CI.

    Parameters
    ----------
    count : int
        Examples under the profile `ci`, whose own number is 100; other profiles in proportion.
    suppress_health_check : tuple of hypothesis.HealthCheck, default ()
        Checks that the property fails for a known reason.
    """
    share = count * settings().max_examples // 100
    return settings(max_examples=max(share, 2), suppress_health_check=suppress_health_check)
