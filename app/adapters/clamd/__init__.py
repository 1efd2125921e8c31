"""ClamAV's daemon, over TCP."""
