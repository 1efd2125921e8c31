"""What every other part of `court` stands on: courts, case numbers, cases and their clocks."""
