/**
 * A small server that keeps the public interface's promises, for tests of the pages: it checks
 * signatures, chains and times as the product does, and knows one lawyer.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

import { p256 } from "@noble/curves/nist.js";

import { issueCredential } from "./issuer.mjs";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const ASSETS = path.join(ROOT, "build/web/mp");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'";
const PNG = Buffer.from("/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AKp//2Q==", "base64");

const b64u = (bytes) => Buffer.from(bytes).toString("base64url");
const unb64u = (text) => new Uint8Array(Buffer.from(text, "base64url"));
const later = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

export const LAWYER = {
  name: "张建国",
  licence_no: "11101199010123456",
  identity_no: "11010119580307889X",
  firm_name: "北京市衡正律师事务所",
  category: "full_time",
  category_label: "专职律师",
  practice_status: "practising",
  status_label: "正常执业",
  status_since: "1990-05-01",
};
const CONSENT = {
  version: "1",
  title: "人脸信息处理告知书",
  paragraphs: [
    "为确认是您本人绑定律师执业证，需要采集您的人脸画面，与全国律师综合管理信息系统中的登记照片比对一次。",
    "画面只用于本次比对，比对完成后立即删除；只保存比对结论和时间，不建立人脸库，不向第三方提供。",
    "您可以不同意。不同意的，可到法院服务大厅由工作人员人工核验，功能完全相同。",
  ],
  sha256: "0".repeat(64),
};
const STEPS = [
  { kind: "front", count: 1, prompt: "请正对屏幕", colours: [], colour_ms: 0 },
  { kind: "turn_left", count: 1, prompt: "请慢慢向左转头", colours: [], colour_ms: 0 },
  { kind: "flash", count: 1, prompt: "请看着屏幕，保持不动", colours: ["#ff0000", "#00ff00", "#0000ff", "#ffffff"], colour_ms: 400 },
];

class Refusal extends Error {
  constructor(status, code, title, extra = {}) {
    super(title);
    Object.assign(this, { status, code, title, extra });
  }
}

function verify(publicKey, signature, message) {
  if (p256.verify(unb64u(signature), message, publicKey, { prehash: true, lowS: false })) return;
  throw new Refusal(422, "identity.device_proof_invalid", "设备签名无效，请重试。");
}

export class World {
  constructor() {
    this.lawyer = { ...LAWYER };
    this.sessions = new Map();
    this.verifications = [];
    this.notices = [];
    this.frames = [];
    this.failNext = []; // network faults to play: "drop"
    this.clockAhead = 0; // ms by which the server's clock is ahead of the machine's
    this.faceWorks = true;
    this.unbind();
  }

  unbind() {
    this.device = null;
    this.pending = null;
    this.checks = new Map();
    this.lastProof = 0;
    this.attempts = 3;
  }

  get now() {
    return Date.now() + this.clockAhead;
  }

  me() {
    const state = this.device ? "bound" : this.pending ? "pending" : "unbound";
    const { identity_no: _, ...lawyer } = this.lawyer;
    const device = this.device && { ...this.device, public_key: b64u(this.device.key), key: undefined };
    return {
      state,
      lawyer: this.device ? lawyer : null,
      device,
      pending: this.pending && { ...this.pending, key: undefined, attempts_left: this.attempts },
      unread_notices: this.notices.filter(({ read }) => !read).length,
      server_time_ms: this.now,
    };
  }

  bindDevice() {
    this.device = {
      id: randomUUID(),
      key: this.pending.key,
      assurance: this.pending.assurance,
      bound_at: new Date(this.now).toISOString(),
      face_verified_at: new Date(this.now).toISOString(),
      face_due_at: later(30 * 86_400),
    };
    this.pending = null;
  }

  bind(body) {
    const { device } = body;
    const key = unb64u(device.public_key);
    if (Math.abs(device.iat - this.now / 1000) > 60) throw new Refusal(422, "identity.device_proof_invalid", "设备时间不对，请重试。");
    verify(key, device.signature, Buffer.from(`lvz-pop:v1:bind:${device.public_key}:${device.iat}`));
    const same = ["licence_no", "name", "identity_no"].every((name) => body[name] === this.lawyer[name]);
    if (!same) throw new Refusal(403, "identity.no_match", "所填信息与登记不一致，请核对后重填。");
    if (body.way === "face" && body.consent?.sha256 !== CONSENT.sha256)
      throw new Refusal(422, "identity.consent_required", "人脸核验须先单独同意。");
    this.pending = { binding_id: randomUUID(), way: body.way, state: body.way === "face" ? "face_required" : "officer_pending", hall_code: null, expires_at: later(86_400), key, assurance: device.assurance };
    if (body.way === "officer") this.pending.hall_code = "482917365014";
    return [201, { ...this.pending, key: undefined, attempts_left: this.attempts }];
  }

  check(id) {
    const check = this.checks.get(id);
    if (!check) throw new Refusal(404, "liveness.unknown", "没有这次核验。");
    if (check.state === "deciding" && Date.now() > check.decideAt) this.decide(check);
    const step = check.state === "collecting" ? STEPS[check.step] : null;
    return {
      id,
      nonce: check.nonce,
      state: check.state,
      step: step && { no: check.step + 1, total: STEPS.length, ...step },
      hint: null,
      progress: check.state === "collecting" ? check.step / STEPS.length : check.state === "deciding" ? 0.9 : 1,
      analysed: check.received,
      received: check.received,
      attempts_left: this.attempts,
      result: check.result,
      expires_at: later(120),
    };
  }

  decide(check) {
    check.state = this.faceWorks ? "passed" : "failed";
    if (this.faceWorks) {
      check.result = { passed: true, code: "liveness.passed", reason: "核验通过，确认是您本人。", next: "done" };
      if (this.pending) this.bindDevice();
      return;
    }
    this.attempts -= 1;
    const next = this.attempts ? "retry" : "officer";
    check.result = { passed: false, code: "liveness.action_missing", reason: "没有看到要求的动作。请看清提示，动作幅度大一些、慢一些，再试一次。", next };
  }

  openCheck() {
    const id = randomUUID();
    const nonce = b64u(randomBytes(16));
    const chain = sha256(`lvz-frames:v1:${id}:${nonce}`);
    this.checks.set(id, { nonce, chain, state: "collecting", step: 0, seq: 0, received: 0, inStep: 0, shown: {}, result: null });
    return [201, this.check(id)];
  }

  takeFrames(id, body) {
    const check = this.checks.get(id);
    if (body.seq !== check.seq) throw new Refusal(409, "liveness.out_of_order", "顺序不对", { expected: check.seq });
    let chain = check.chain;
    for (const { t, shown, jpeg } of body.frames) {
      const bytes = Buffer.from(jpeg, "base64");
      if (bytes.length > 80_000 || bytes.readUInt16BE(0) !== 0xffd8) throw new Refusal(422, "liveness.frame", "画面不对");
      const tail = Buffer.alloc(5);
      tail.writeUInt32BE(t);
      tail.writeInt8(shown, 4);
      chain = sha256(chain, sha256(bytes), tail);
      this.frames.push({ t, shown, size: bytes.length });
    }
    if (b64u(chain) !== body.chain) throw new Refusal(422, "liveness.bad_chain", "画面链不对");
    const key = this.pending?.key ?? this.device.key;
    verify(key, body.signature, Buffer.from(`lvz-frames:v1:${id}:${body.seq}:${body.chain}`));
    Object.assign(check, { chain, seq: check.seq + 1, received: check.received + body.frames.length });
    this.advance(check, body.frames);
    return [202, this.check(id)];
  }

  advance(check, frames) {
    check.inStep += frames.length;
    for (const { shown } of frames) check.shown[shown] = (check.shown[shown] ?? 0) + 1;
    const { kind, colours } = STEPS[check.step];
    const done = kind === "flash" ? colours.every((_, i) => check.shown[i] >= 2) : check.inStep >= 10;
    if (!done) return;
    Object.assign(check, { step: check.step + 1, inStep: 0 });
    if (check.step < STEPS.length) return;
    Object.assign(check, { state: "deciding", decideAt: Date.now() + 600 });
  }

  issue(body) {
    if (body.device_id !== this.device?.id) throw new Refusal(403, "identity.device_ended", "本机已停用。");
    if (body.iat <= this.lastProof) throw new Refusal(409, "identity.device_proof_replayed", "请重试。");
    verify(this.device.key, body.signature, Buffer.from(`lvz-pop:v1:issue:${body.device_id}:${body.iat}`));
    this.lastProof = body.iat;
    if (this.lawyer.practice_status !== "practising")
      throw new Refusal(403, "issuance.not_practising", `执业状态为“${this.lawyer.status_label}”，不能亮证。`, { status: this.lawyer.practice_status, status_label: this.lawyer.status_label });
    if (this.faceDue) throw new Refusal(403, "issuance.face_due", "需要再次核验本人。");
    const at = Math.floor(this.now / 1000);
    const cti = new Uint8Array(randomBytes(8));
    const credential = issueCredential({ publicKey: this.device.key, licenceNo: this.lawyer.licence_no, name: this.lawyer.name, at, cti });
    return [201, {
      credential: b64u(credential),
      cti: b64u(cti),
      issued_at: new Date(at * 1000).toISOString(),
      expires_at: later(86_400),
      renew_after: later(43_200),
      audience: "cn.court",
      short_code: { handle: "MFRGGZDFMZTWQ2LK", seed: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", digits: 8, interval: 15 },
      server_time_ms: this.now,
    }];
  }

  /** [status, body]; body a Buffer is a picture. */
  route(method, url, body) {
    const [route, id] = [`${method} ${url.pathname.replace(/^\/api\/v1/, "").replace(/\/[0-9a-f-]{36}/, "/:id")}`, /[0-9a-f-]{36}/.exec(url.pathname)?.[0]];
    const table = {
      "GET /time": () => [200, { server_time_ms: this.now }],
      "DELETE /sessions/current": () => [204, null],
      "GET /me": () => [200, this.me()],
      "GET /me/photo": () => [200, this.photo ?? PNG],
      "GET /me/verifications": () => this.page(url.searchParams.get("before")),
      "GET /me/notices": () => [200, { items: this.notices }],
      "POST /me/notices/read": () => (this.notices.forEach((item) => (item.read = true)), [204, null]),
      "POST /me/device/end": () => (this.unbind(), [204, null]),
      "POST /me/consents/face/withdraw": () => ((this.consentWithdrawn = true), [204, null]),
      "GET /consents/face": () => [200, CONSENT],
      "POST /bindings": () => this.bind(body),
      "POST /bindings/:id/officer": () => (Object.assign(this.pending, { way: "officer", hall_code: "482917365014" }), [200, { hall_code: this.pending.hall_code, expires_at: this.pending.expires_at }]),
      "DELETE /bindings/:id": () => ((this.pending = null), [204, null]),
      "POST /liveness": () => this.openCheck(),
      "GET /liveness/:id": () => [200, this.check(id)],
      "POST /liveness/:id/frames": () => this.takeFrames(id, body),
      "POST /credentials": () => this.issue(body),
    };
    if (!table[route]) throw new Refusal(404, "http.not_found", "没有这个地址。");
    return table[route]();
  }

  page(before) {
    const from = before ? this.verifications.findIndex(({ id }) => id === before) + 1 : 0;
    const items = this.verifications.slice(from, from + 20);
    const next = from + 20 < this.verifications.length ? items.at(-1).id : null;
    return [200, { items, next }];
  }

  signIn(user) {
    const token = b64u(randomBytes(16));
    this.sessions.set(token, user);
    return [201, { token, expires_at: later(3600), server_time_ms: this.now, me: this.me() }];
  }

  api(request, url, body) {
    if (url.pathname === "/api/v1/sessions") return this.signIn(body.code);
    const open = ["/api/v1/time", "/api/v1/consents/face"].includes(url.pathname);
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    if (!open && !this.sessions.has(token)) throw new Refusal(401, "auth.session_invalid", "请重新登录。");
    return this.route(request.method, url, body);
  }
}

async function readBody(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return text ? JSON.parse(text) : {};
}

function reply(response, status, body, type) {
  const picture = Buffer.isBuffer(body);
  response.writeHead(status, { "content-type": type ?? (picture ? "image/jpeg" : "application/json"), "content-security-policy": POLICY });
  response.end(body === null ? "" : picture ? body : JSON.stringify(body));
}

async function asset(response, name) {
  const file = path.join(ASSETS, name || "index.html");
  try {
    reply(response, 200, await readFile(file), TYPES[path.extname(file)] ?? "application/octet-stream");
  } catch {
    reply(response, 404, { code: "http.not_found" });
  }
}

/** Serve `world` at a free port of this machine; answers {url, close}. */
export async function serve(world, port = 0) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://127.0.0.1");
    if (world.failNext[0] === "drop" && url.pathname.startsWith("/api/")) {
      world.failNext.shift();
      return request.socket.destroy();
    }
    const body = request.method === "GET" ? {} : await readBody(request);
    if (url.pathname === "/mp/wechat/login") return reply(response, 200, { code: body.user });
    if (world.admin && url.pathname === "/admin") return reply(response, 200, { said: String(world.admin(body)) });
    if (url.pathname.startsWith("/mp/rig")) return reply(response, 404, { code: "http.not_found" });
    if (url.pathname.startsWith("/mp/")) return asset(response, url.pathname.slice(4));
    try {
      return reply(response, ...world.api(request, url, body));
    } catch (error) {
      if (!(error instanceof Refusal)) return reply(response, 500, { code: "internal", title: String(error.stack) });
      const { status, code, title, extra } = error;
      return reply(response, status, { type: `/problems/${code}`, status, code, title, ...extra }, "application/problem+json");
    }
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => (server.closeAllConnections(), server.close(done))) };
}
