"""What the product needs from outside, as Protocols of frozen values; no implementation here."""
