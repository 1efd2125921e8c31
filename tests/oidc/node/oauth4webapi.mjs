// The strict low-level client oauth4webapi, driven by a test. It checks every answer by the RFC
// and throws at the first thing that is not as written. argv: settings as JSON.
import { createInterface } from "node:readline";

import * as oauth from "oauth4webapi";

const settings = JSON.parse(process.argv[2]);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const http = { [oauth.allowInsecureRequests]: true };

const issuer = new URL(settings.issuer);
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http));
const client = { client_id: settings.client_id, id_token_signed_response_alg: "ES256" };

async function authentication() {
  if (settings.secret) return oauth.ClientSecretBasic(settings.secret);
  const key = await crypto.subtle.importKey("jwk", settings.key, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  return oauth.PrivateKeyJwt({ key, kid: settings.kid });
}
const auth = await authentication();
const DPoP = settings.secret ? undefined : oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
const bound = { ...http, DPoP };

// What must throw: the name of the check, or what went through.
async function refused(work) {
  try {
    await work();
    return "accepted";
  } catch (error) {
    return error.code ?? error.constructor.name;
  }
}

async function code() {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(as.authorization_endpoint);
  const parameters = {
    client_id: client.client_id,
    redirect_uri: settings.redirect_uri,
    response_type: "code",
    scope: "openid profile",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  say({ go: url.href });
  const back = new URL((await lines.next()).value);
  const mixedUp = new URL(back);
  mixedUp.searchParams.set("iss", "https://evil.example");
  const refusals = {
    state: await refused(() => oauth.validateAuthResponse(as, client, back, "another")),
    iss: await refused(() => oauth.validateAuthResponse(as, client, mixedUp, state)),
  };
  const answer = oauth.validateAuthResponse(as, client, back, state);
  const response = await oauth.authorizationCodeGrantRequest(
    as, client, auth, answer, settings.redirect_uri, verifier, bound,
  );
  const expected = { expectedNonce: nonce, requireIdToken: true, maxAge: 3600 };
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, expected);
  await oauth.validateApplicationLevelSignature(as, response, http);
  const request = new Request(`${settings.issuer}/resource`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  const claims = await oauth.validateJwtAccessToken(as, request, settings.issuer, http);
  const facts = await oauth.processUserInfoResponse(
    as, client, oauth.getValidatedIdTokenClaims(tokens).sub,
    await oauth.userInfoRequest(as, client, tokens.access_token, bound),
  );
  const introspected = await oauth.processIntrospectionResponse(
    as, client, await oauth.introspectionRequest(as, client, auth, tokens.access_token, http),
  );
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(as, client, auth, tokens.access_token, http),
  );
  const after = await oauth.processIntrospectionResponse(
    as, client, await oauth.introspectionRequest(as, client, auth, tokens.access_token, http),
  );
  return { claims, facts, refusals, before: introspected.active, after: after.active };
}

async function terminal() {
  const begun = await oauth.processDeviceAuthorizationResponse(
    as, client, await oauth.deviceAuthorizationRequest(as, client, auth, { scope: "openid profile" }, bound),
  );
  const poll = async () => {
    const asked = () => oauth.deviceCodeGrantRequest(as, client, auth, begun.device_code, bound);
    return oauth.processDeviceCodeResponse(as, client, await asked());
  };
  const pending = await poll().then(() => "given", (error) => error.error);
  say({ go: begun.verification_uri_complete });
  await lines.next();
  const tokens = await poll();
  const again = await poll().then(() => "given", (error) => error.error);
  const facts = await oauth.processUserInfoResponse(
    as, client, oauth.getValidatedIdTokenClaims(tokens).sub,
    await oauth.userInfoRequest(as, client, tokens.access_token, bound),
  );
  return { pending, again, facts, token_type: tokens.token_type };
}

say(await (settings.terminal ? terminal() : code()));
process.exit(0);
