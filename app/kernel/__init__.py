"""What every domain shares; a new file here needs a decision record."""
