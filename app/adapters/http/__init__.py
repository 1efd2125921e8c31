"""The real outside systems, over HTTP: timeouts, one retry, error translation, no domain words."""
