// The certified relying party openid-client, driven by a test: it prints where the browser must
// go, reads where the browser came back to, and prints what it then got. argv: settings as JSON.
import { createInterface } from "node:readline";

import * as client from "openid-client";

const settings = JSON.parse(process.argv[2]);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function authentication() {
  if (settings.secret) return client.ClientSecretBasic(settings.secret);
  const key = await crypto.subtle.importKey("jwk", settings.key, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  return client.PrivateKeyJwt({ key, kid: settings.kid });
}

const config = await client.discovery(
  new URL(settings.issuer),
  settings.client_id,
  { id_token_signed_response_alg: "ES256" },
  await authentication(),
  { execute: [client.allowInsecureRequests] },
);
const DPoP = settings.secret ? undefined : client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
const options = DPoP ? { DPoP } : undefined;

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const parameters = {
  redirect_uri: settings.redirect_uri,
  scope: "openid profile offline_access",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
  ...(settings.details ? { authorization_details: JSON.stringify(settings.details) } : {}),
};
const url = settings.push
  ? await client.buildAuthorizationUrlWithPAR(config, parameters, options)
  : client.buildAuthorizationUrl(config, parameters);
say({ go: url.href });

const { value: callback } = await lines.next();
const tokens = await client.authorizationCodeGrant(
  config,
  new URL(callback),
  { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
  undefined,
  options,
);
const facts = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, options);
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, options);
const before = await client.tokenIntrospection(config, refreshed.access_token);
await client.tokenRevocation(config, refreshed.refresh_token);
const after = await client.tokenIntrospection(config, refreshed.access_token);
const logout = client.buildEndSessionUrl(config, {
  id_token_hint: refreshed.id_token,
  post_logout_redirect_uri: settings.post_logout_redirect_uri,
});
say({
  claims: tokens.claims(),
  token_type: tokens.token_type,
  details: tokens.authorization_details ?? null,
  facts,
  before: before.active,
  after: after.active,
  logout: logout.href,
});
process.exit(0);
