"""Measurements. `make bench` runs all groups, `make bench ONLY=group` one."""
