"""The year's renovation plan as data: totals, towns, estates, gates, phases, funds, duties."""

from plan.facts import Plan, load_plan

__all__ = ["Plan", "load_plan"]
