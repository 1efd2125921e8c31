/** 微信登录, who the person is, and whether this phone is the one bound to the licence. */
"use strict";

const api = require("./api");
const store = require("./store");
const deviceKey = require("./device_key");
const credentialKeeper = require("./credential_keeper");

const wxLogin = () => new Promise((success, fail) => wx.login({ success, fail }));

let signingIn = null;

async function signInNow() {
  let code;
  try {
    ({ code } = await wxLogin());
  } catch {
    throw new api.ApiError({ code: "network", title: "微信登录没有完成，请检查网络后重试。" });
  }
  const session = await api.signIn(code);
  api.setToken(session.token);
  store.write("token", session.token);
  remember(session.me);
  return session.me;
}

/** One sign-in at a time, however many calls were refused together. */
function signIn() {
  signingIn ||= signInNow().finally(() => (signingIn = null));
  return signingIn;
}

/** Keep what the server said, and drop the code when the binding is no longer this phone's. */
function remember(me) {
  const before = store.read("me");
  store.write("me", me);
  const bound = me.state === "bound";
  const moved = before?.device && before.device.id !== me.device?.id;
  if (!bound || moved) credentialKeeper.forget();
  if (!bound || before?.lawyer?.licence_no !== me.lawyer.licence_no) store.forgetLawyer();
}

function start() {
  api.setToken(store.read("token"));
  api.onUnauthorized(signIn);
}

async function refresh(options) {
  const me = await api.me(options);
  remember(me);
  return me;
}

async function signOut() {
  await api.signOut().catch(() => null); // the token also ends by itself
  api.setToken(null);
  store.forget("token", "me");
  store.forgetLawyer();
  credentialKeeper.forget();
}

/** End the binding of the phone that is bound now, this one or another (注销设备). */
async function endDevice() {
  await api.endDevice();
  await deviceKey.destroy();
  credentialKeeper.forget();
  store.forget("lastProof");
  store.forgetLawyer();
  return refresh();
}

/**
 * What the home page says: "signed_out" | "unbound" | "pending" | "bound" | "other_device".
 * "bound" without a key on this phone (storage was cleared) is another device to us.
 */
async function standing() {
  const me = store.read("me");
  if (!store.read("token") || !me) return "signed_out";
  if (me.state === "bound" && !(await deviceKey.publicKey())) return "other_device";
  return me.state;
}

module.exports = { start, signIn, signOut, refresh, endDevice, standing, me: () => store.read("me") };
