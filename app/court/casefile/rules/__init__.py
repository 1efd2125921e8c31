"""Pure decisions about courts and case numbers."""
