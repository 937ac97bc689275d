"""
The generator of the invented town; no part of the product.

Names, order and totals of the estates are the plan's, all else is invented and says so.
"""
