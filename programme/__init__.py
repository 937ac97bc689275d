"""
Programme: what is renovated first under the year's money, and why the rest is not.

The plan's own facts stand in `plan`; here they meet the findings.
"""

from programme.batch import Batch, BatchProblem, Out, choose, walk_down

__all__ = ["Batch", "BatchProblem", "Out", "choose", "walk_down"]
