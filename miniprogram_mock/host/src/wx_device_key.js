/** wx.lvzDeviceKey: a P-256 key that no script can read, kept by the browser (assurance 1). */

const DATABASE = "lvz-device";
const STORE = "keys";
const NAME = "device";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function withStore(mode, action) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await done(opening);
  try {
    return await done(action(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

let pair; // read once; undefined: not read yet

async function load() {
  pair ??= (await withStore("readonly", (store) => store.get(NAME))) ?? null;
  return pair;
}

/** 04 ‖ x ‖ y → 02 or 03 ‖ x. */
async function compressed(key) {
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", key));
  return Uint8Array.of(2 + (point[64] & 1), ...point.subarray(1, 33));
}

export const deviceKey = {
  assurance: 1,
  async create() {
    const made = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    await withStore("readwrite", (store) => store.put(made, NAME));
    pair = made;
    return compressed(made.publicKey);
  },
  async publicKey() {
    const held = await load();
    return held && compressed(held.publicKey);
  },
  async sign(bytes) {
    const held = await load();
    if (!held) throw new Error("device key: none in this browser");
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    return new Uint8Array(await crypto.subtle.sign(algorithm, held.privateKey, bytes));
  },
  async destroy() {
    await withStore("readwrite", (store) => store.delete(NAME));
    pair = null;
  },
};
