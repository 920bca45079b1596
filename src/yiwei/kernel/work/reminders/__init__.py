"""Reminding: rooms say what may be forgotten (`causes`), the dealer says after how many days who is told (`models`), and every
day the engine tells them (`engine`)."""
