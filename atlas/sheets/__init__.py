"""The sheets of a booklet: one module a kind, each with `plan(context) -> list[PagePlan]`."""
