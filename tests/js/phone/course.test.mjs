// Sign-in, binding, issuing and renewal against a server that checks what the product checks.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { readPresentation } from "../support/issuer.mjs";
import { LAWYER, serve, World } from "../support/world.mjs";
import { installWx, util } from "./wechat.mjs";

const api = util("api");
const base45 = util("base45");
const clock = util("clock");
const deviceKey = util("device_key");
const keeper = util("credential_keeper");
const session = util("session");
const { Presenter } = util("presenter");

let world;
let server;
before(async () => {
  world = new World();
  server = await serve(world);
});
after(() => server.close());
beforeEach(() => {
  installWx({ url: server.url });
  Object.assign(world, { lawyer: { ...LAWYER }, faceDue: false, failNext: [], clockAhead: 0 });
  world.unbind();
  api.setToken(null);
  keeper.forget();
  session.start();
});

async function bindAtHall() {
  await session.signIn();
  const device = await keeper.bindingProof();
  const { licence_no, name, identity_no } = LAWYER;
  await api.bind({ licence_no, name, identity_no, way: "officer", consent: null, device });
  world.bindDevice();
  return session.refresh();
}

test("sign in, bind, fetch the code, present it", async () => {
  const me = await bindAtHall();
  assert.equal(await session.standing(), "bound");
  assert.equal(await keeper.renew(me.device.id), null);
  const held = keeper.current();
  const { text, form } = await new Presenter().tick(held, clock.seconds());
  assert.equal(form, 1);
  const seen = readPresentation(base45.decode(text.slice(5)), await deviceKey.publicKey());
  assert.equal(seen.audience, "cn.court");
  assert.ok(Math.abs(seen.at - Date.now() / 1000) < 3);
});

test("a phone whose clock is an hour wrong still makes codes of the server's second", async () => {
  world.clockAhead = -3_600_000;
  const me = await bindAtHall();
  assert.equal(await keeper.renew(me.device.id), null);
  const { text } = await new Presenter().tick(keeper.current(), clock.seconds());
  const seen = readPresentation(base45.decode(text.slice(5)), await deviceKey.publicKey());
  assert.ok(Math.abs(seen.at - world.now / 1000) < 3);
});

test("proofs for issuing never repeat a second", async () => {
  const me = await bindAtHall();
  for (let i = 0; i < 3; i += 1) assert.equal(await keeper.renew(me.device.id, { force: true }), null);
});

test("refusals stop the code: suspended, and face due", async () => {
  const me = await bindAtHall();
  await keeper.renew(me.device.id);
  Object.assign(world.lawyer, { practice_status: "suspended", status_label: "停止执业" });
  const refused = await keeper.renew(me.device.id, { force: true });
  assert.equal(refused.code, "issuance.not_practising");
  assert.match(refused.title, /停止执业/);
  assert.equal(keeper.current(), null);
  Object.assign(world.lawyer, { practice_status: "practising" });
  world.faceDue = true;
  assert.equal((await keeper.renew(me.device.id, { force: true })).code, "issuance.face_due");
});

test("without network the held code stays, and the failure is told apart from a refusal", async () => {
  const me = await bindAtHall();
  await keeper.renew(me.device.id);
  world.failNext = ["drop"];
  const failure = await keeper.renew(me.device.id, { force: true });
  assert.ok(failure.network);
  assert.ok(keeper.current());
});

test("a lost answer is asked for again, a dead session is renewed once", async () => {
  await session.signIn();
  world.failNext = ["drop", "drop"];
  assert.equal((await api.me()).state, "unbound");
  world.sessions.clear();
  const [one, two] = await Promise.all([api.me(), api.me()]);
  assert.deepEqual([one.state, two.state], ["unbound", "unbound"]);
  assert.equal(world.sessions.size, 1);
});

test("wrong data is refused in the server's words and nothing is kept of it", async () => {
  await session.signIn();
  const device = await keeper.bindingProof();
  const wrong = { licence_no: LAWYER.licence_no, name: "李四", identity_no: LAWYER.identity_no, way: "officer", consent: null, device };
  await assert.rejects(api.bind(wrong), { code: "identity.no_match", status: 403 });
  assert.ok(![...globalThis.wx.kept.values()].some((value) => JSON.stringify(value).includes(LAWYER.identity_no)));
});

test("ending the device destroys the key and the code", async () => {
  const me = await bindAtHall();
  await keeper.renew(me.device.id);
  const now = await session.endDevice();
  assert.equal(now.state, "unbound");
  assert.equal(await deviceKey.publicKey(), null);
  assert.equal(keeper.current(), null);
});

test("a bound account on a phone without the key is another device", async () => {
  await bindAtHall();
  await deviceKey.destroy();
  assert.equal(await session.standing(), "other_device");
});

test("presenting: a code stands five seconds, a challenge a minute, digits a quarter minute", async () => {
  const me = await bindAtHall();
  await keeper.renew(me.device.id);
  const held = keeper.current();
  const presenter = new Presenter();
  const at = Math.floor(clock.seconds() / 60) * 60;
  assert.ok(await presenter.tick(held, at));
  assert.equal(await presenter.tick(held, at + 4), null);
  assert.ok(await presenter.tick(held, at + 5));
  presenter.answer({ audience: "cn.court/110105/k07", nonce: new Uint8Array(8).fill(9), form: 2 }, at + 6);
  const { text, form } = await presenter.tick(held, at + 6);
  const seen = readPresentation(base45.decode(text.slice(5)), await deviceKey.publicKey());
  assert.deepEqual([form, seen.audience, seen.nonce[0]], [2, "cn.court/110105/k07", 9]);
  assert.equal((await presenter.tick(held, at + 66)).form, 1);
  presenter.choose(3);
  assert.match((await presenter.tick(held, at + 70)).text, /^LVZ3:[A-Z2-7]{16}-\d{8}$/);
  assert.equal(await presenter.tick(held, at + 74), null);
});
