"""What a dealer's own headings mean, remembered for the next workbook."""

from .headings import plain
from .models import ImportHeading


def recall(book):
    """{heading: key}, or '' for a column that is to be left alone."""
    return dict(ImportHeading.objects.filter(book=book).values_list("heading", "key"))


def remember(book, chosen, outcome):
    """Keep what was chosen, and what was understood by likeness and loaded."""
    found = {plain(h): key for pairs in outcome.guessed.values() for h, key in pairs} if outcome.added or outcome.known else {}
    for heading, key in (found | {plain(h): k for h, k in chosen.items()}).items():
        ImportHeading.objects.update_or_create(book=book, heading=heading[:80], defaults={"key": key})
