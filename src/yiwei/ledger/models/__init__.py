"""Entries, postings, moves and balances."""

from yiwei.kernel.discover import nouns

nouns(__name__, globals())
