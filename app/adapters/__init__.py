"""Implementations of the ports; only `app.bootstrap` names one."""
