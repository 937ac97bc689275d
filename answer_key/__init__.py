"""
A test district in which the answer to every rule is known; no part of the product.

On the town of `demonstration`, values are planted above, below and just at what the rules ask for;
the answer key says what must be found, known from the planting and never from `rules.evaluate`.
"""

from answer_key.district import KeyedDistrict, build

__all__ = ["KeyedDistrict", "build"]
