"""Administrators of the platform and their log; the support that a dealer grants."""

from yiwei.kernel.base.discover import nouns

nouns(__name__, globals())
