"""True second implementations that need no outside system; refused in production."""
