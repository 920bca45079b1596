"""Regions, outlets, positions, employees and their sign-in."""

from yiwei.kernel.discover import nouns

nouns(__name__, globals())
