/**
 * The product's public interface, one function a call. Refusals become `ApiError` with the
 * server's permanent code and its Chinese sentence; a dead network is the code "network".
 */
"use strict";

const clock = require("./clock");
const { base64, base64url } = require("./bytes");
const { API_BASE } = require("./config");

const TIMEOUT = 10_000;
const CHUNK_TIMEOUT = 60_000;
const RETRIES = 2;
const PAUSE = 600;
const NO_NETWORK = "网络不通，请检查网络后重试。已填写的内容不会丢失。";
const BUSY = "服务繁忙，请稍后重试。";

class ApiError extends Error {
  constructor({ code, title, status = 0, extra = {} }) {
    super(title);
    this.code = code;
    this.title = title;
    this.status = status;
    this.extra = extra;
  }
  get network() {
    return this.code === "network";
  }
}

let token = null;
let renewSession = null;
const setToken = (value) => (token = value);
/** Who gets a new token when the old one is refused; answers a promise. */
const onUnauthorized = (renew) => (renewSession = renew);

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const newKey = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;

function send({ method, path, data, header, responseType, timeout = TIMEOUT }) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: API_BASE + path,
      method,
      data,
      header,
      responseType,
      timeout,
      success: resolve,
      fail: () => reject(new ApiError({ code: "network", title: NO_NETWORK })),
    });
  });
}

async function sendPatiently(request, tries) {
  for (let left = tries; ; left -= 1) {
    try {
      return await send(request);
    } catch (error) {
      if (left <= 0) throw error;
      await wait(PAUSE * (tries - left + 1));
    }
  }
}

function refusal({ statusCode, data }) {
  const problem = data && typeof data === "object" ? data : {};
  return new ApiError({
    code: problem.code || `http.${statusCode}`,
    title: problem.title || BUSY,
    status: statusCode,
    extra: problem,
  });
}

function headers(method, data, { anonymous, plain, key, header: given = {} }) {
  const header = { ...given };
  if (data !== undefined && !header["content-type"]) header["content-type"] = "application/json";
  if (token && !anonymous) header.authorization = `Bearer ${token}`;
  if (method === "POST" && !plain) header["Idempotency-Key"] = key;
  return header;
}

/**
 * header: more of them. tries: how often more when the network fails; a POST repeats under one Idempotency-Key.
 * anonymous: without the session. plain: without an Idempotency-Key. again: sign in anew and
 * repeat once when the session is refused.
 */
async function call(method, path, data, options = {}) {
  const { responseType, tries = RETRIES, again = true, key = newKey(), timeout } = options;
  const header = headers(method, data, { ...options, key });
  const sent = clock.counter();
  const answer = await sendPatiently({ method, path, data, header, responseType, timeout }, tries);
  if (answer.statusCode === 401 && again && header.authorization) {
    await renewSession();
    return call(method, path, data, { ...options, again: false });
  }
  if (answer.statusCode >= 400) throw refusal(answer);
  if (answer.data && answer.data.server_time_ms) clock.sync(answer.data.server_time_ms, sent);
  return answer.data;
}

const get = (path, options) => call("GET", path, undefined, options);
const put = (path, data, options) => call("PUT", path, data, options);
const post = (path, data = {}, options) => call("POST", path, data, options);

/** ?name=value of what is there. */
function query(values) {
  const given = Object.entries(values).filter(([, value]) => value);
  return given.length ? `?${given.map((pair) => pair.map(encodeURIComponent).join("=")).join("&")}` : "";
}

/** One chunk of a file; its digest in base64. */
function sendChunk(id, index, chunk, digest) {
  const header = { "content-type": "application/octet-stream", "content-digest": `sha-256=:${digest}:` };
  const data = chunk.buffer.slice(chunk.byteOffset, chunk.byteOffset + chunk.byteLength);
  const options = { header, tries: 0, timeout: CHUNK_TIMEOUT };
  return call("PUT", `/api/v1/materials/${id}/chunks/${index}`, data, options);
}

async function photo() {
  const data = await get("/api/v1/me/photo", { responseType: "arraybuffer" });
  return `data:image/jpeg;base64,${base64(new Uint8Array(data))}`;
}

module.exports = {
  ApiError,
  newKey,
  setToken,
  onUnauthorized,
  time: () => get("/api/v1/time", { anonymous: true, tries: 0 }),
  signIn: (code) => post("/api/v1/sessions", { code }, { anonymous: true, again: false, tries: 1 }),
  signOut: () => call("DELETE", "/api/v1/sessions/current", undefined, { again: false, tries: 0 }),
  me: (options) => get("/api/v1/me", options),
  photo,
  verifications: (before) =>
    get(`/api/v1/me/verifications${before ? `?before=${encodeURIComponent(before)}` : ""}`),
  entries: (before) => get(`/api/v1/me/entries${query({ before })}`),
  passes: (options) => get("/api/v1/me/passes", options),
  passCourts: (words) => get(`/api/v1/pass-courts${query({ q: words })}`),
  choosePass: (asked) => post("/api/v1/me/passes", asked),
  endPass: (id) => post(`/api/v1/me/passes/${id}/end`),
  notices: () => get("/api/v1/me/notices"),
  markNoticesRead: () => post("/api/v1/me/notices/read"),
  endDevice: () => post("/api/v1/me/device/end"),
  withdrawConsent: () => post("/api/v1/me/consents/face/withdraw"),
  faceConsent: () => get("/api/v1/consents/face"),
  bind: (data) => post("/api/v1/bindings", data),
  useOfficer: (id) => post(`/api/v1/bindings/${id}/officer`),
  cancelBinding: (id) => call("DELETE", `/api/v1/bindings/${id}`),
  startLiveness: (bindingId) => post("/api/v1/liveness", { binding_id: bindingId }),
  liveness: (id) => get(`/api/v1/liveness/${id}`, { tries: 0 }),
  // The sequence number already makes a repeated batch harmless, so no second key is spent on it.
  sendFrames: (id, batch) => post(`/api/v1/liveness/${id}/frames`, batch, { plain: true, tries: 1 }),
  openScan: ({ text, scene }) => post("/api/v1/scans", { text, source: "camera", scene }, { tries: 1 }),
  scan: (id) => get(`/api/v1/scans/${id}`, { tries: 0 }),
  approve: (id, { granted, iat, signature }) =>
    post(`/api/v1/scans/${id}/approve`, { granted, iat, signature: base64url(signature) }),
  decline: (id, reason) => post(`/api/v1/scans/${id}/decline`, { reason }),
  grants: (before) => get(`/api/v1/me/grants${before ? `?before=${encodeURIComponent(before)}` : ""}`),
  receipt: (id) => get(`/api/v1/me/grants/${id}/receipt`),
  endGrant: (id) => post(`/api/v1/me/grants/${id}/end`),
  estimateFee: (asked) => post("/api/v1/fee-estimates", asked),
  deadlines: () => get("/api/v1/deadlines"),
  countDeadline: (asked) => post("/api/v1/deadline-estimates", asked),
  courts: (asked) => get(`/api/v1/courts${query(asked)}`),
  court: (code) => get(`/api/v1/courts/${encodeURIComponent(code)}`),
  complaints: () => get("/api/v1/complaints"),
  complain: (asked, key) => post("/api/v1/complaints", asked, { key }),
  complaint: (id) => get(`/api/v1/complaints/${id}`),
  judgeReply: (id, said, key) => post(`/api/v1/complaints/${id}/opinion`, said, { key }),
  reopenComplaint: (id, note, key) => post(`/api/v1/complaints/${id}/reopen`, { note }, { key }),
  suggestions: () => get("/api/v1/suggestions"),
  suggest: (asked, key) => post("/api/v1/suggestions", asked, { key }),
  caseRatings: (caseId) => get(`/api/v1/cases/${caseId}/ratings`),
  // No key: the server must not remember whose request a rating was; repeating it changes nothing.
  rateCase: (caseId, said) => post(`/api/v1/cases/${caseId}/ratings`, said, { plain: true }),
  systemRating: () => get("/api/v1/system-rating"),
  rateSystem: (scores) => post("/api/v1/system-rating", { scores }, { plain: true }),
  caseDetail: (id) => get(`/api/v1/cases/${id}`),
  materialKinds: () => get("/api/v1/material-kinds"),
  materials: () => get("/api/v1/materials"),
  material: (id) => get(`/api/v1/materials/${id}`, { tries: 0 }),
  beginMaterial: (said) => post("/api/v1/materials", said, { tries: 0 }),
  sendChunk,
  completeMaterial: (id) => post(`/api/v1/materials/${id}/complete`, {}, { tries: 0 }),
  deleteMaterial: (id) => call("DELETE", `/api/v1/materials/${id}`, undefined, { tries: 0 }),
  cases: (asked) => get(`/api/v1/cases${query(asked)}`),
  applicationKinds: () => get("/api/v1/application-kinds"),
  applications: (caseId) => get(`/api/v1/cases/${caseId}/applications`),
  apply: (caseId, asked) => post(`/api/v1/cases/${caseId}/applications`, asked),
  withdrawApplication: (id) => post(`/api/v1/applications/${id}/withdraw`),
  tellOfApplication: (id, doing, words) => post(`/api/v1/applications/${id}/${doing}`, { words }),
  representations: () => get("/api/v1/representations"),
  represent: (asked) => post("/api/v1/representations", asked),
  endRepresentation: (id, reason) => post(`/api/v1/representations/${id}/end`, { reason }),
  filingKinds: () => get("/api/v1/filing-forms"),
  filings: () => get("/api/v1/filings"),
  beginFiling: (kind) => post("/api/v1/filings", { kind }),
  filing: (id) => get(`/api/v1/filings/${id}`),
  saveSection: (id, section, asked) => put(`/api/v1/filings/${id}/sections/${section}`, asked, { tries: 1 }),
  discardFiling: (id) => call("DELETE", `/api/v1/filings/${id}`),
  submitFiling: (id, reason) => post(`/api/v1/filings/${id}/submission`, { duplicate_reason: reason }),
  filingReceipt: (id) => get(`/api/v1/filings/${id}/receipt`),
  withdrawFiling: (id) => post(`/api/v1/filings/${id}/withdrawal`),
  consentToMediation: (id, given) => post(`/api/v1/filings/${id}/mediation-consent`, { given }),
  payFee: (id) => post(`/api/v1/fees/${id}/payment`),
  issue: ({ deviceId, iat, signature }) =>
    post(
      "/api/v1/credentials",
      { device_id: deviceId, iat, signature: base64url(signature) },
      { plain: true, tries: 0 },
    ),
};
