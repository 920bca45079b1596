"""Regions, outlets, positions, employees and their sign-in."""

from yiwei.kernel.base.discover import nouns

nouns(__name__, globals())
