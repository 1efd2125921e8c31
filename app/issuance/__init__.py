"""issuance: the 律证码 — issue, renew, revoke, publish."""
