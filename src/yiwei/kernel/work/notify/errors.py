"""What can go wrong on the way out."""


class Undeliverable(Exception):
    """The channel did not take the message; why, in its own words."""
