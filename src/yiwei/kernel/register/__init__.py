"""Registers: list, detail and form of a model from one class."""
