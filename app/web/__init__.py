"""The shell of all pages: layout, static files, start page; no rules."""
