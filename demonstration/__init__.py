"""
The generator of the invented town; no part of the product.

`make demonstration` writes the finished districts that `demo` reads (`demonstration.finished`).
"""

from demonstration.district import build

__all__ = ["build"]
