"""lvz-ledger: check what the 律证 ledger says, offline, with published keys only.

Everything that decides is in the `credential` library; this package reads files, fetches tiles
and speaks to people.
"""
