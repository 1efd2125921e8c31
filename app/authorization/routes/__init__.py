"""Authorization over HTTP."""
