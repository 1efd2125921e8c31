"""What every other court sub-domain stands on: courts, their functions, case numbers."""
