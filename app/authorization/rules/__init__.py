"""Pure decisions of authorization."""
