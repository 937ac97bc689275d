"""
The generator of the demonstration district and its answer key; no part of the product.

`make demonstration` writes the finished districts that `demo` reads (`demonstration.finished`).
"""

from demonstration.district import Demo, build

__all__ = ["Demo", "build"]
