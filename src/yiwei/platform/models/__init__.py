"""Administrators of the platform and their log; the support that a dealer grants."""

from yiwei.kernel.discover import nouns

nouns(__name__, globals())
