"""Which applications there are, and the steps each may take."""
