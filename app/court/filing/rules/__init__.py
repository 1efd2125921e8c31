"""Pure decisions of filing."""
