// Files go up in chunks over a network that breaks, against a small server that keeps the rules.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import { installWx, util } from "./wechat.mjs";

const CHUNK = 1000;
const materials = new Map();
let server, url, fail, requests;
let made = 0;

const digest = (bytes, form = "base64url") => createHash("sha256").update(bytes).digest(form);
const bytesOf = (size, seed = 1) => Uint8Array.from({ length: size }, (_, n) => (n * 31 + seed * 7 + (n >> 8)) & 255);
const fileOf = (bytes, name = "起诉状.pdf") => ({
  name,
  size: bytes.length,
  read: async (start, length) => bytes.slice(start, start + length),
});

function view({ id, size, chunks, state }) {
  const arrived = [...chunks].map(([index, body]) => ({ index, sha256: digest(body) }));
  return { id, state, size, chunk_size: CHUNK, chunks: Math.ceil(size / CHUNK), arrived };
}

function answer(method, [, id, what, index], body, header) {
  if (method === "POST" && !id) {
    const begun = { ...JSON.parse(body), id: `m${(made += 1)}`, chunks: new Map(), state: "uploading" };
    materials.set(begun.id, begun);
    return [201, view(begun)];
  }
  const material = materials.get(id);
  if (!material) return [404, { code: "court.material_unknown" }];
  if (method === "DELETE") return [materials.delete(id) && 204, null];
  if (method === "PUT") {
    if (header["content-digest"] !== `sha-256=:${digest(body, "base64")}:`) return [422, { code: "court.chunk_damaged" }];
    assert.equal(header["content-type"], "application/octet-stream");
    material.chunks.set(Number(index), body);
    return [204, null];
  }
  if (what === "complete" && view(material).arrived.length === view(material).chunks) material.state = "checking";
  else if (material.state === "checking") material.state = "stored";
  return [200, view(material)];
}

before(async () => {
  server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const path = request.url.replace("/api/v1/", "").replace("/chunks/", "/chunk/").split("/");
    requests.push(`${request.method} ${path.slice(2).join("/")}`);
    const broken = fail(request.method, path);
    if (broken === "network") return request.socket.destroy();
    const [status, body] = broken ? [broken, { code: "x" }] : answer(request.method, path, Buffer.concat(parts), request.headers);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body ? JSON.stringify(body) : undefined);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.closeAllConnections() || server.close());

beforeEach(() => {
  installWx({ url });
  util("api").setToken("token");
  materials.clear();
  requests = [];
  fail = () => null;
});

const run = (file, more = {}) => util("upload").upload(file, "complaint", { sleep: async () => {}, ...more });
const puts = () => requests.filter((line) => line.startsWith("PUT")).length;
const whole = ({ chunks }) => Buffer.concat([...chunks].sort(([a], [b]) => a - b).map(([, body]) => body));

test("a file arrives whole, with its progress told", async () => {
  const bytes = bytesOf(4321);
  const told = [];
  const done = await run(fileOf(bytes), { progress: ({ sent }) => told.push(sent) });
  assert.equal(done.state, "stored");
  assert.deepEqual(told, [1000, 2000, 3000, 4000, 4321]);
  assert.deepEqual(new Uint8Array(whole(materials.get(done.id))), bytes);
  assert.deepEqual(globalThis.wx.kept.get("lvz.uploads"), {});
});

test("a network that breaks and a server that restarts cost only time", async () => {
  let n = 0;
  fail = () => [null, "network", 503, null][(n += 1) % 4];
  const pauses = [];
  const done = await run(fileOf(bytesOf(5500)), { sleep: async (seconds) => pauses.push(seconds) });
  assert.equal(done.state, "stored");
  assert.ok(pauses.includes(2), "it waits longer each time");
});

test("after a reload only what is missing is sent", async () => {
  const bytes = bytesOf(5000);
  fail = (method, path) => (method === "PUT" && Number(path[3]) >= 3 ? 422 : null);
  await assert.rejects(run(fileOf(bytes)), { status: 422 });
  requests = [];
  fail = () => null;
  const done = await run(fileOf(bytes));
  assert.equal(puts(), 2);
  assert.equal(materials.size, 1);
  assert.deepEqual(new Uint8Array(whole(materials.get(done.id))), bytes);
});

test("a file that changed in its middle begins anew", async () => {
  const bytes = bytesOf(200_000);
  fail = (method, path) => (method === "PUT" && Number(path[3]) >= 150 ? 422 : null);
  await assert.rejects(run(fileOf(bytes)));
  const [old] = materials.keys();
  fail = () => null;
  const changed = bytes.slice();
  changed[100_000] ^= 1;
  const done = await run(fileOf(changed));
  assert.ok(!materials.has(old));
  assert.deepEqual(new Uint8Array(whole(materials.get(done.id))), changed);
});

test("an upload that the server forgot begins anew", async () => {
  fail = (method) => (method === "PUT" ? 422 : null);
  await assert.rejects(run(fileOf(bytesOf(3000))));
  materials.clear();
  fail = () => null;
  assert.equal((await run(fileOf(bytesOf(3000)))).state, "stored");
});

test("a refusal is told at once; a dead network in the end", async () => {
  fail = () => 413;
  await assert.rejects(run(fileOf(bytesOf(10))), { status: 413 });
  assert.equal(requests.length, 1);
  fail = () => "network";
  await assert.rejects(run(fileOf(bytesOf(10))), { code: "network" });
});

test("cancelled between two chunks, it sends no more and can be discarded", async () => {
  const signal = {};
  const { upload, discard, UploadCancelled } = util("upload");
  const progress = ({ sent }) => (signal.cancelled = sent >= 2000);
  const options = { progress, signal, sleep: async () => {} };
  await assert.rejects(upload(fileOf(bytesOf(9000)), "evidence", options), UploadCancelled);
  assert.equal(puts(), 2);
  const [material] = materials.values();
  await discard(material);
  assert.equal(materials.size, 0);
  assert.deepEqual(globalThis.wx.kept.get("lvz.uploads"), {});
});

test("a chosen file is read piece by piece from the phone", async () => {
  const bytes = bytesOf(2500, 3);
  globalThis.wx.getFileSystemManager = () => ({
    readFile({ filePath, position, length, success, fail: refuse }) {
      if (filePath !== "wxfile://chosen") return refuse({ errMsg: "readFile:fail no such file" });
      success({ data: bytes.slice(position, position + length).buffer });
    },
  });
  const { localFile } = util("upload");
  const done = await run(localFile({ path: "wxfile://chosen", name: "证据.pdf", size: bytes.length }));
  assert.deepEqual(new Uint8Array(whole(materials.get(done.id))), bytes);
  await assert.rejects(run(localFile({ path: "wxfile://gone", name: "x.pdf", size: 9 })), /no such file/);
});
