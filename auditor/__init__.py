"""netaudit: answers "can A reach B" for AWS networks, with a proof, from the code that will build them."""

from __future__ import annotations

__version__ = "0.1.0"
