"""The invented district that meets the plan's totals, from one seed, with its answer key."""

from demo.town import Demo, build

__all__ = ["Demo", "build"]
