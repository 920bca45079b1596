"""Actions: declared once, done everywhere alike."""
