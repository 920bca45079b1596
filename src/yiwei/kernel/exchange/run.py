"""Runs an import: reads a workbook row by row through an action, all or nothing for each row."""

from ..action.errors import NotFound


def start(actor, book, name, body):
    """Begin an import of a workbook's bytes into a register. Not yet open for registers without a book."""
    raise NotFound()
