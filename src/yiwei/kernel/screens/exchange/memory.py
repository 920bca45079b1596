"""What a dealer's own headings mean, remembered for the next workbook."""

from .headings import plain
from .models import ImportHeading, MendedRow


def recall(book):
    """{heading: key}, or '' for a column that is to be left alone."""
    return dict(ImportHeading.objects.filter(book=book).values_list("heading", "key"))


def remember(book, chosen, outcome):
    """Keep what was chosen, and what was understood by likeness and loaded."""
    found = {plain(h): key for pairs in outcome.guessed.values() for h, key in pairs} if outcome.added or outcome.known else {}
    for heading, key in (found | {plain(h): k for h, k in chosen.items()}).items():
        ImportHeading.objects.update_or_create(book=book, heading=heading[:80], defaults={"key": key})


def mended(book):
    """Fingerprints of rows that were refused, came back, and were loaded mended."""
    return set(MendedRow.objects.filter(book=book).values_list("key", flat=True))


def mend(book, keys):
    MendedRow.objects.bulk_create([MendedRow(book=book, key=key) for key in dict.fromkeys(keys)], ignore_conflicts=True)
