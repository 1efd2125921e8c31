"""A phone and a kiosk without screens: they speak to the product over HTTP only.

Used by `make demo` and by tests; nothing here knows how the product is built.
"""
