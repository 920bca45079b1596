"""Running the house: the database server, its roles, the processes, backup and checks.

Nothing here knows the trade, and nothing here needs Django to be set up.
"""
