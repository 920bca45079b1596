"""Organisation: regions, outlets, departments, positions, employees, sign-in (SYS)."""

DEPENDS = ()
