"""A stand-in for WeChat's server that keeps WeChat's rules: one-time codes, quotas, counters."""
