"""Products and dictionaries."""

from yiwei.kernel.base.discover import nouns

nouns(__name__, globals())
