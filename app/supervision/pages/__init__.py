"""The HTML screens of the console and of the demonstration."""
