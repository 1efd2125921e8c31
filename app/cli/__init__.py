"""Commands for the people who run the platform: `python -m app.cli --help`."""
