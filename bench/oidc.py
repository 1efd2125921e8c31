"""Our OpenID provider against npm's oidc-provider: CPU of the server for each request.

Ours always runs with PostgreSQL (and Valkey beside it): there is no variant in memory, so each
figure compares ours *with its stores* to the peer *in memory*, on Node 22, on the same core in
the same run. CPU is the scheduler's count for the server's process group, without PostgreSQL,
whose share stands in the note.

- `oidc_token_jwt`, `oidc_token_fapi`: client credentials on both sides, a JWT (ES256) that
  neither side stores. Ours reads the client from PostgreSQL at every request, and writes the
  `jti` of assertion and proof durably; the peer keeps both in memory.
- `oidc_token_jwt_db`, `oidc_token_fapi_db`: the authorization code grant, an access token and an
  ID token, both ES256. Ours redeems the code and writes the token in one transaction.
- `oidc_introspection`, `oidc_userinfo`: the peer's tokens are opaque there, because it serves
  neither for its JWT; ours are the JWT of the code grant, looked up in PostgreSQL, and userinfo
  also asks the register for the practice status of that moment.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench._oidc import Ours, Provider, by_client, by_code, post, theirs
from bench._open_pages import polling
from bench._world import world
from bench.http import cost, request, server
from bench.ledger import Backends

Figure = dict[str, Any]

ROUNDS = 7
WARM_UP = 3  # V8 has compiled what is hot
REQUESTS = 150  # as many logins as the peer keeps in mind: its memory holds 1,000 things


def run() -> list[Figure]:
    """Return the figures of the group `oidc`."""
    with world() as product, server("wsgi:application", product.environment) as web:
        with theirs() as peer:
            ours, postgres = Ours(product, web), Backends(product)
            rounds = [measure(ours, peer, postgres) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
        pages = polling(product, web, client_id=ours.plain.client_id, postgres=postgres)
    return [*(figure(kind, [one[kind] for one in rounds]) for kind in KINDS), pages]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is asked, how each answer is recognised, and what the note says."""

    requests: Callable[[Provider], list[bytes]]
    containing: bytes
    what: str


@dataclass(frozen=True, kw_only=True)
class Cost:
    """CPU seconds of one request."""

    ours: float
    theirs: float
    postgres: float


def measure(ours: Provider, peer: Provider, postgres: Backends) -> Mapping[str, Cost]:
    """Ask every kind of both, one after the other."""
    found = {}
    for name, kind in KINDS.items():
        asked = kind.requests(ours)
        before = postgres.cpu()
        mine = cost(ours.server, asked, expect=200, containing=kind.containing)
        stores = (postgres.cpu() - before) / len(asked)
        other = cost(peer.server, kind.requests(peer), expect=200, containing=kind.containing)
        found[name] = Cost(ours=mine, theirs=other, postgres=stores)
    return found


def figure(name: str, costs: Sequence[Cost]) -> Figure:
    """A figure that counts by its ratio, theirs ÷ ours; the median of the rounds."""
    ratios = sorted(one.theirs / one.ours for one in costs)
    mine, other, stores = (
        statistics.median(getattr(one, part) for one in costs) * 1e6
        for part in ("ours", "theirs", "postgres")
    )
    return {
        "figure": name,
        "value": round(mine),
        "unit": "µs CPU",
        "against": "npm oidc-provider, in memory",
        "ratio": round(statistics.median(ratios), 3),
        "n": len(costs) * REQUESTS,
        "note": (
            f"{KINDS[name].what}; ours with PostgreSQL (its own {stores:.0f} µs not counted), "
            f"theirs {other:.0f} µs; ratio {ratios[0]:.3f}–{ratios[-1]:.3f} over {ROUNDS} rounds"
        ),
    }


# --- what is asked -------------------------------------------------------------------------------


def plain_party_tokens(at: Provider) -> list[bytes]:
    return [post(at, at.token, at.plain, by_client(at)) for _ in range(REQUESTS)]


def fapi_party_tokens(at: Provider) -> list[bytes]:
    return [post(at, at.token, at.fapi, by_client(at)) for _ in range(REQUESTS)]


def plain_logins(at: Provider) -> list[bytes]:
    return [post(at, at.token, at.plain, by_code(c)) for c in at.codes(at.plain, REQUESTS)]


def fapi_logins(at: Provider) -> list[bytes]:
    return [post(at, at.token, at.fapi, by_code(c)) for c in at.codes(at.fapi, REQUESTS)]


def introspections(at: Provider) -> list[bytes]:
    return [post(at, at.introspection, at.plain, {"token": t}) for t in at.tokens(REQUESTS)]


def userinfos(at: Provider) -> list[bytes]:
    return [
        request(
            at.server,
            method="GET",
            path=at.userinfo,
            headers={"Authorization": f"Bearer {token}"},
            body=b"",
        )
        for token in at.tokens(REQUESTS)
    ]


KINDS: Mapping[str, Kind] = {
    "oidc_token_jwt": Kind(
        requests=plain_party_tokens,
        containing=b'"access_token":"ey',
        what="client credentials, client_secret_basic, JWT ES256",
    ),
    "oidc_token_fapi": Kind(
        requests=fapi_party_tokens,
        containing=b'"token_type":"DPoP"',
        what="client credentials, private_key_jwt and DPoP, JWT ES256",
    ),
    "oidc_token_jwt_db": Kind(
        requests=plain_logins,
        containing=b'"id_token":"ey',
        what="authorization code, client_secret_basic, JWT and ID token ES256",
    ),
    "oidc_token_fapi_db": Kind(
        requests=fapi_logins,
        containing=b'"id_token":"ey',
        what="authorization code, private_key_jwt and DPoP, JWT and ID token ES256",
    ),
    "oidc_introspection": Kind(
        requests=introspections,
        containing=b'"active":true',
        what="live access token of the caller, client_secret_basic",
    ),
    "oidc_userinfo": Kind(
        requests=userinfos,
        containing=b'"practice_status":"',
        what="bearer token; name and practice status",
    ),
}
