"""Models of the room, one noun a file."""

from yiwei.kernel.base.discover import nouns

nouns(__name__, globals())
