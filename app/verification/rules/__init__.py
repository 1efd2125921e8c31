"""Pure decisions of verification."""
