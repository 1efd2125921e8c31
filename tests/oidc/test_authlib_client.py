"""A judge nobody here wrote: Authlib's client over requests, as a Python site uses it."""

from __future__ import annotations

import secrets

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from app.authorization.rules.relying_party import AuthMethod
from miniprogram_mock.client.encoding import new_key
from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import CALLBACK, RelyingPartyClient, plain_client
from tests.oidc.judges import browse, issuer, private_jwk
from tests.world import World

__all__ = ["issuer"]


def test_a_site_with_a_secret(issuer: str, plain: RelyingPartyClient, phone: Phone) -> None:
    site = OAuth2Session(
        client_id=plain.client_id,
        client_secret=plain.secret,
        scope="openid profile offline_access",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    url, state = site.create_authorization_url(
        f"{issuer}/oauth/authorize", code_verifier=verifier, nonce=nonce
    )
    token = site.fetch_token(
        f"{issuer}/oauth/token",
        authorization_response=browse(issuer, url, phone),
        state=state,
        code_verifier=verifier,
    )
    keys = KeySet.import_key_set(site.get(f"{issuer}/oauth/jwks", withhold_token=True).json())
    claims = jwt.decode(token["id_token"], keys, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["nonce"]) == (issuer, nonce)
    facts = site.get(f"{issuer}/oauth/userinfo").json()
    assert (facts["name"], facts["sub"]) == ("林正衡", claims["sub"])
    renewed = site.refresh_token(f"{issuer}/oauth/token")
    assert renewed["refresh_token"] != token["refresh_token"]
    introspect = {"url": f"{issuer}/oauth/introspect", "token": renewed["access_token"]}
    assert site.introspect_token(**introspect).json()["active"] is True
    site.revoke_token(f"{issuer}/oauth/revoke", token=renewed["refresh_token"])
    assert site.introspect_token(**introspect).json()["active"] is False


def test_a_site_with_a_key(issuer: str, world: World) -> None:
    """private_key_jwt as Authlib writes it: the token endpoint's address is the audience."""
    endpoint, key = f"{issuer}/oauth/token", new_key()
    jwks = {"keys": [{**key.public.to_jwk(), "kid": "k1"}]}
    party = plain_client(world, auth_method=AuthMethod.KEY, jwks=jwks)
    site = OAuth2Session(
        client_id=party.client_id,
        client_secret=ECKey.import_key({**private_jwk(key), "kid": "k1"}),
        token_endpoint_auth_method=PrivateKeyJWT(endpoint, alg="ES256"),
    )
    token = site.fetch_token(endpoint, grant_type="client_credentials", scope="party")
    assert token["scope"] == "party"
