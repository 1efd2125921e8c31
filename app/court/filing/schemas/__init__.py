"""What filing looks like on the wire."""
