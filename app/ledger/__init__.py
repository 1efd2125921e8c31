"""ledger: the append-only log of what the platform did, its checkpoints, proofs and receipts."""
