// The kiosk's verifier and the Python library must judge every shared vector alike.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { b64u, fromB64u } from "../../../app/web/kiosk/src/bytes.js";
import { PublicKey } from "../../../app/web/kiosk/src/keys.js";
import { claimedSubject } from "../../../app/web/kiosk/src/presentation.js";
import { inflate, StatusList } from "../../../app/web/kiosk/src/status.js";
import { TrustList } from "../../../app/web/kiosk/src/trust.js";
import { verify } from "../../../app/web/kiosk/src/verifier.js";

const file = new URL("../../credential/vectors/presentations.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8"));
const AT = vectors.key_set.issued_at;
const root = new PublicKey(vectors.root.alg, fromB64u(vectors.root.public_key));
const keySet = fromB64u(vectors.key_set.token);
const trust = await TrustList.decode(keySet, { root, at: AT });
const listToken = fromB64u(vectors.status_list.token);
const status = await StatusList.decode(listToken, { trust, at: AT });

const refusal = (code) => (error) => {
  assert.equal(error.code, code);
  return true;
};

// A stored credential for LVZ2 exists only on the server: those cases are not the kiosk's.
const mine = vectors.cases.filter((item) => item.credential === null);

test("the vectors cover acceptance and refusal", () => {
  assert.ok(mine.filter((item) => item.accepted).length >= 10);
  assert.ok(mine.filter((item) => !item.accepted).length >= 40);
});

for (const item of mine) {
  test(`vector: ${item.name}`, async () => {
    const outcome = verify(item.text, {
      trust,
      status: item.use_status_list ? status : null,
      audiences: item.audiences,
      nonce: item.nonce ? fromB64u(item.nonce) : null,
      at: item.at,
      requireStatus: false,
    });
    if (!item.accepted) return assert.rejects(outcome, refusal(item.code));
    const { credential, ...found } = await outcome;
    const wanted = item.verified;
    assert.equal(b64u(credential.cti), wanted.cti);
    assert.equal(credential.lawyer.licenceNo, wanted.licence_no);
    assert.equal(credential.lawyer.name, wanted.name);
    assert.equal(credential.lawyer.practiceType, wanted.practice_type);
    assert.equal(credential.lawyer.statusIndex, wanted.status_index);
    assert.equal(credential.lawyer.deviceAssurance, wanted.device_assurance);
    assert.equal(credential.issuedAt, wanted.issued_at);
    assert.equal(credential.expiresAt, wanted.expires_at);
    assert.equal(found.presentedAt, wanted.presented_at);
    assert.equal(found.audience, wanted.audience);
    assert.equal(found.nonce && b64u(found.nonce), wanted.nonce);
    assert.equal(found.confirmed, item.use_status_list);
  });
}

const good = vectors.cases.find((item) => item.name === "full");

test("an offline kiosk without a status list refuses", async () => {
  const policy = { trust, status: null, audiences: good.audiences, nonce: null, at: good.at };
  await assert.rejects(verify(good.text, policy), refusal("credential.status_unavailable"));
});

test("green to 4 h, amber to 24 h, refused after", async () => {
  const aged = (age) =>
    verify(good.text, {
      trust,
      status: new StatusList({ ...status, issuedAt: good.at - age }),
      audiences: good.audiences,
      nonce: null,
      at: good.at,
    });
  assert.equal((await aged(4 * 3600)).confirmed, true);
  assert.equal((await aged(4 * 3600 + 1)).confirmed, false);
  assert.equal((await aged(24 * 3600)).confirmed, false);
  await assert.rejects(aged(24 * 3600 + 1), refusal("credential.status_too_old"));
});

test("the key set never rolls back, and only the root key signs it", async () => {
  await assert.rejects(
    TrustList.decode(keySet, { root, at: AT, seen: AT + 1 }),
    refusal("credential.expired"),
  );
  await assert.rejects(
    TrustList.decode(keySet, { root, at: vectors.key_set.expires_at }),
    refusal("credential.expired"),
  );
  const other = new PublicKey(-9, fromB64u(vectors.phone.public_key));
  await assert.rejects(
    TrustList.decode(keySet, { root: other, at: AT }),
    refusal("credential.bad_issuer_signature"),
  );
  const changed = keySet.slice();
  changed[changed.length - 100] ^= 1;
  await assert.rejects(TrustList.decode(changed, { root, at: AT }));
});

test("the status list never rolls back and ends", async () => {
  await assert.rejects(
    StatusList.decode(listToken, { trust, at: AT, seen: AT + 1 }),
    refusal("credential.status_too_old"),
  );
  await assert.rejects(
    StatusList.decode(listToken, { trust, at: AT - 301 }),
    refusal("credential.not_yet_valid"),
  );
  const changed = listToken.slice();
  changed[120] ^= 1;
  await assert.rejects(StatusList.decode(changed, { trust, at: AT }));
});

test("inflating stops at two megabytes and refuses rubbish", async () => {
  const bomb = new Blob([new Uint8Array(3 << 20)]).stream();
  const packed = bomb.pipeThrough(new CompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  await assert.rejects(inflate(bytes), refusal("credential.malformed"));
  await assert.rejects(inflate(new Uint8Array([1, 2, 3])), refusal("credential.malformed"));
});

test("two codes of one phone claim the same subject", () => {
  const [one, two] = vectors.cases.filter((item) => item.accepted && item.verified.form === "LVZ1");
  assert.equal(claimedSubject(one.text), claimedSubject(two.text));
  assert.equal(claimedSubject("LVZ3:MFRGGZDFMZTWQ2LK-89227109"), "MFRGGZDFMZTWQ2LK");
  assert.equal(claimedSubject("https://example.com/"), null);
});
