"""The invented district that meets the plan's totals, from one seed, with its answer key."""

from demo.district import Demo, build

__all__ = ["Demo", "build"]
