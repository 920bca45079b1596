"""Models of the room, one noun a file."""

from yiwei.kernel.discover import nouns

nouns(__name__, globals())
