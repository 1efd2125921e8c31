/**
 * The key of this phone (设备密钥): P-256, one per phone, proves that the code is shown by it.
 *
 * A platform that keeps keys (`wx.lvzDeviceKey`, the browser host: WebCrypto, non-extractable)
 * gives assurance 1. WeChat itself offers no such thing, so there the key is made in script from
 * WeChat's random numbers and kept in encrypted storage: assurance 0.
 */
"use strict";

const { p256 } = require("@noble/curves/nist.js");
const { base64url, fromBase64 } = require("./bytes");

const STORAGE_KEY = "lvz.device_key";
const SEED_SIZE = 48; // FIPS 186-5 A.2.1: 128 bits more than the order, so no bias remains

const promised = (call, options) =>
  new Promise((success, fail) => call({ ...options, success, fail }));

async function readSecret() {
  try {
    const { data } = await promised(wx.getStorage, { key: STORAGE_KEY, encrypt: true });
    return data ? fromBase64(data) : null;
  } catch {
    return null; // never stored
  }
}

const script = {
  assurance: 0,
  async create() {
    const { randomValues } = await promised(wx.getRandomValues, { length: SEED_SIZE });
    const { secretKey } = p256.keygen(new Uint8Array(randomValues));
    const data = base64url(secretKey);
    await promised(wx.setStorage, { key: STORAGE_KEY, data, encrypt: true });
    return p256.getPublicKey(secretKey, true);
  },
  async publicKey() {
    const secret = await readSecret();
    return secret && p256.getPublicKey(secret, true);
  },
  async sign(bytes) {
    const secret = await readSecret();
    if (!secret) throw new Error("device key: none on this phone");
    return p256.sign(bytes, secret, { prehash: true });
  },
  async destroy() {
    await promised(wx.removeStorage, { key: STORAGE_KEY });
  },
};

const platform = () => (wx.lvzDeviceKey ? wx.lvzDeviceKey : script);

module.exports = {
  assurance: () => platform().assurance,
  /** The compressed public key, 33 bytes; makes the pair when there is none. */
  ensure: async () => (await platform().publicKey()) || platform().create(),
  /** 33 bytes, or null when this phone has no key. */
  publicKey: () => platform().publicKey(),
  /** ES256: 64 bytes r‖s over SHA-256 of `bytes`. */
  sign: (bytes) => platform().sign(bytes),
  destroy: () => platform().destroy(),
};
