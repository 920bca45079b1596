"""PostgreSQL as the application speaks to it: every statement prepared once a connection, planned once for all values."""
