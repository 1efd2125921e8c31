"""Use cases of issuance."""
