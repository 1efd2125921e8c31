/**
 * npm's oidc-provider as a bench compares with it: in memory, with what our own provider does.
 *
 *     node oidc_provider.mjs PORT CLIENTS      CLIENTS: registered clients, a JSON list
 *
 * Beside the provider's own endpoints `POST /bench/codes` and `POST /bench/tokens` make what a
 * login would have made; they are called between the measurements.
 */
import { createHash, createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, clients] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const RESOURCE = "urn:bench:api";
const SCOPE = "openid profile";
const LIFE = 600; // seconds, as ours
const signing = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const pairwise = randomBytes(32);

const provider = new Provider(issuer, {
  clients: JSON.parse(clients),
  jwks: { keys: [{ ...signing.export({ format: "jwk" }), alg: "ES256", use: "sig", kid: "bench" }] },
  scopes: ["openid", "profile"],
  claims: { openid: ["sub"], profile: ["name", "practice_status"] },
  subjectTypes: ["pairwise"],
  pairwiseIdentifier: (_ctx, account, client) =>
    createHmac("sha256", pairwise).update(`${client.sectorIdentifier}\0${account}`).digest("base64url"),
  findAccount: (_ctx, account) => ({
    accountId: account,
    claims: () => ({ sub: account, name: "张三", practice_status: "practising" }),
  }),
  enabledJWA: { clientAuthSigningAlgValues: ["ES256"] },
  ttl: { AccessToken: LIFE, ClientCredentials: LIFE, IdToken: LIFE, AuthorizationCode: 60, Grant: 3600 },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    dPoP: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "party profile",
        audience: RESOURCE,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
});
provider.on("server_error", (_ctx, error) => process.stderr.write(`${error.stack}\n`));

/** A grant, as a consent leaves it, and what stands on it. */
async function granted(clientId, number) {
  const accountId = `lawyer-${number}`;
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(SCOPE);
  grant.addResourceScope(RESOURCE, "profile");
  const client = await provider.Client.find(clientId);
  return { client, accountId, grantId: await grant.save(), gty: "authorization_code", scope: SCOPE };
}

async function makeCode({ client_id, redirect_uri, verifier, jkt }, number) {
  const code = new provider.AuthorizationCode({
    ...(await granted(client_id, number)),
    redirectUri: redirect_uri,
    resource: RESOURCE,
    dpopJkt: jkt,
    codeChallenge: createHash("sha256").update(verifier).digest("base64url"),
    codeChallengeMethod: "S256",
    acr: "urn:lvz:acr:device",
    amr: ["swk", "user"],
    authTime: Math.floor(Date.now() / 1000),
    nonce: "n".repeat(16),
  });
  return code.save();
}

/** An opaque token: this provider neither introspects nor serves userinfo for its JWT. */
async function makeToken({ client_id }, number) {
  return new provider.AccessToken(await granted(client_id, number)).save();
}

const MAKERS = { "/bench/codes": makeCode, "/bench/tokens": makeToken };

async function make(maker, request, response) {
  let body = "";
  for await (const part of request) body += part;
  const wanted = JSON.parse(body);
  const made = await Promise.all(Array.from({ length: wanted.count }, (_, number) => maker(wanted, number)));
  const text = JSON.stringify(made);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

const answer = provider.callback();
createServer((request, response) => {
  const maker = MAKERS[request.url];
  return maker ? make(maker, request, response) : answer(request, response);
}).listen(Number(port), "127.0.0.1");
