"""Products and dictionaries."""

from yiwei.kernel.discover import nouns

nouns(__name__, globals())
