"""The chapters of the journey through the screens, and what a person does at a page."""
