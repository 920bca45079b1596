"""Entries, postings, moves and balances."""

from yiwei.kernel.base.discover import nouns

nouns(__name__, globals())
