"""
What a district is held against: the rulebook, its measures, and the findings they give.

`rules.book` loads the rulebook, `rules.evaluate` judges a district by it, `rules.summary` counts.
"""
