"""A stand-in for the national register's HTTP interface (docs/registry-http.md)."""
