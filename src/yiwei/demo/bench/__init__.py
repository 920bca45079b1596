"""Measuring the product against bare SQL and at size; see docs/bench.md."""
