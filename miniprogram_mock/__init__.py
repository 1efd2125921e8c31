"""A stand-in for the phone's world: WeChat's server, the register, the mini-program's host.

Its own programs, which speak to the product over HTTP only; nothing here imports `app`.
"""
