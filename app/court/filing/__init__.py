"""Filing 立案: so far what it costs."""
