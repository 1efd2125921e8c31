"""The bar of each figure: what it must reach. Figures without a bar are only reported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A limit on a figure's ratio or on its value, from below or from above."""

    of: str
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, measured: float) -> bool:
        """Tell whether a measured number reaches the bar."""
        return (self.at_least is None or measured >= self.at_least) and (
            self.at_most is None or measured <= self.at_most
        )

    def __str__(self) -> str:
        sign, limit = ("≥", self.at_least) if self.at_least is not None else ("≤", self.at_most)
        return f"{self.of} {sign} {limit:g}"


def ratio(at_least: float) -> Bar:
    """A bar on ours against theirs; bigger is better."""
    return Bar(of="ratio", at_least=at_least)


def at_most(limit: float) -> Bar:
    """A bar on a size, a count or a time."""
    return Bar(of="value", at_most=limit)


def at_least(limit: float) -> Bar:
    """A bar on a share or a rate."""
    return Bar(of="value", at_least=limit)


BARS = {
    "offline_verify": ratio(0.6),
    "offline_verify_cached_issuer": ratio(0.75),
    "verify_vs_openvc": ratio(1.3),
    "verify_vs_sdjwt": ratio(2),
    "issue_vs_openvc": ratio(1.3),
    "lvz1_bytes": at_most(289),
    "lvz2_bytes": at_most(106),
    "lvz3_chars": at_most(30),
    "status_list_bytes_830k_1pct": at_most(16_000),
    "scan_lvz1_320px": at_least(0.97),
    "scan_lvz2_320px": at_least(1.0),
    "http_verify_cpu": ratio(0.125),
    "http_issue_cpu": ratio(0.33),
    "face_fnmr_at_fmr_1e4": at_most(0.01),
    "phone_draw_ms": at_most(5),
    "phone_to_green_s": at_most(1.0),
    "double_accepts": at_most(0),
    "acked_lost": at_most(0),
    "oidc_token_jwt": ratio(1.0),
    "oidc_token_fapi": ratio(1.2),
    "oidc_introspection": ratio(0.8),
    "oidc_userinfo": ratio(0.8),
    "oidc_token_jwt_db": ratio(0.4),
    "oidc_token_fapi_db": ratio(0.4),
    "oidc_1000_pages_cores": at_most(0.2),
    "casespace_queries": at_most(8),
    "casespace_growth_10k_1m": at_most(1.5),
    "ledger_append_share": at_most(0.15),
    "ledger_sequenced_per_s_b1000": at_least(40_000),
    "ledger_proof_ms_p99_1m": at_most(10),
    "ledger_mutations_found": at_least(10_000),
    "receipt_ms_p99": at_most(500),
}
