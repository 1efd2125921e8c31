/**
 * A material 材料 goes up in chunks. What the server has is never sent again: not after a lost
 * network, a closed page or a new start of the phone.
 *
 * A file is `{ name, size, read(start, length) → Promise<Uint8Array> }`.
 */
"use strict";

const api = require("./api");
const store = require("./store");
const { base64, base64url, concat, utf8 } = require("./bytes");
const { sha256 } = require("./sha256");

const SAMPLE = 65_536;
const PAUSES = [1, 2, 4, 8, 15, 30, 30, 30];
const CHECK_EVERY = 1;
const LONGEST_CHECK = 180;
const REMEMBERED = 50;

class UploadCancelled extends Error {}

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** A name for a file by its size, its name, its beginning and its end. */
async function fingerprint(file) {
  const end = Math.max(0, file.size - SAMPLE);
  const [first, last] = [await file.read(0, Math.min(SAMPLE, file.size)), await file.read(end, file.size - end)];
  return base64url(sha256(concat(utf8(`${file.size} ${file.name}\n`), first, last)));
}

function remember(name, id) {
  const known = Object.entries(store.read("uploads") || {}).filter(([other]) => other !== name);
  const kept = id ? [...known, [name, id]] : known;
  store.write("uploads", Object.fromEntries(kept.slice(-REMEMBERED)));
}

/** Whether to try again: nobody answered, or the server cannot now. */
const passing = (error) => error.network || error.status >= 500 || error.status === 429;

async function patiently(work, { signal, sleep }) {
  for (let n = 0; ; n += 1) {
    if (signal.cancelled) throw new UploadCancelled();
    try {
      return await work();
    } catch (error) {
      if (!passing(error) || n >= PAUSES.length) throw error;
      await sleep(PAUSES[n]);
    }
  }
}

/** The upload of this file that was begun before, if the server still has it open. */
async function begunBefore(name, run) {
  const id = (store.read("uploads") || {})[name];
  if (!id) return null;
  try {
    const material = await patiently(() => api.material(id), run);
    return material.state === "refused" ? null : material;
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

async function sendChunks(file, material, run) {
  const arrived = new Map(material.arrived.map(({ index, sha256: digest }) => [index, digest]));
  for (let index = 0; index < material.chunks; index += 1) {
    const start = index * material.chunk_size;
    const chunk = await file.read(start, Math.min(material.chunk_size, file.size - start));
    const digest = sha256(chunk);
    const known = arrived.get(index);
    if (known && known !== base64url(digest)) return false;
    if (!known) await patiently(() => api.sendChunk(material.id, index, chunk, base64(digest)), run);
    run.progress({ sent: Math.min(file.size, start + material.chunk_size), size: file.size });
  }
  return true;
}

async function untilChecked(material, run) {
  let seen = await patiently(() => api.completeMaterial(material.id), run);
  for (let seconds = 0; seen.state === "checking" && seconds < LONGEST_CHECK; seconds += CHECK_EVERY) {
    await run.sleep(CHECK_EVERY);
    seen = await patiently(() => api.material(material.id), run);
  }
  return seen;
}

/**
 * Send a file and wait for its check; answers the material, `stored` or `refused` (with
 * `fault.why` and `fault.advice`). Rejects with `ApiError`, or with `UploadCancelled` once
 * `signal.cancelled` is true. Called again with the same file it goes on where it stopped.
 */
async function upload(file, kind, { progress = () => {}, signal = {}, sleep = wait } = {}) {
  const run = { progress, signal, sleep };
  const name = await fingerprint(file);
  const begin = () => patiently(() => api.beginMaterial({ name: file.name, size: file.size, kind }), run);
  let material = (await begunBefore(name, run)) || (await begin());
  remember(name, material.id);
  if (material.state === "uploading" && !(await sendChunks(file, material, run))) {
    // The middle of the file is another one than before.
    await patiently(() => api.deleteMaterial(material.id), run);
    material = await begin();
    remember(name, material.id);
    await sendChunks(file, material, run);
  }
  const done = await untilChecked(material, run);
  if (done.state !== "checking") remember(name, null);
  return done;
}

/** Stop for good: what has arrived is deleted, and the file is forgotten. */
async function discard(material) {
  const known = Object.entries(store.read("uploads") || {});
  known.filter(([, id]) => id === material.id).forEach(([name]) => remember(name, null));
  await api.deleteMaterial(material.id);
}

/** A file that wx.chooseMedia or wx.chooseMessageFile gave, read piece by piece. */
function localFile({ path, name, size }) {
  const files = wx.getFileSystemManager();
  const read = (position, length) =>
    new Promise((resolve, reject) =>
      files.readFile({
        filePath: path,
        position,
        length,
        success: ({ data }) => resolve(new Uint8Array(data)),
        fail: ({ errMsg }) => reject(new Error(errMsg)),
      }),
    );
  return { name, size, read };
}

module.exports = { upload, discard, localFile, UploadCancelled };
