/** wx.login, wx.request and the state of the network. */
import { settle } from "./wx_core.js";

const USER = "wx.user";

/** Each browser profile is one WeChat user. */
function user() {
  let id = localStorage.getItem(USER);
  if (!id) {
    id = `u-${crypto.randomUUID()}`;
    localStorage.setItem(USER, id);
  }
  return id;
}

async function login() {
  const answer = await fetch("wechat/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: user() }),
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok || !body.code) throw { errMsg: body.errMsg ?? "login:fail" };
  return { code: body.code };
}

async function read(answer, responseType) {
  if (responseType === "arraybuffer" && answer.ok) return answer.arrayBuffer();
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An ArrayBuffer goes as it is, everything else as JSON. */
function body(method, data) {
  if (data === undefined || method === "GET") return undefined;
  return data instanceof ArrayBuffer ? data : JSON.stringify(data);
}

async function request({ url, method = "GET", data, header, timeout = 60_000, responseType }) {
  const answer = await fetch(url, {
    method,
    headers: header,
    body: body(method, data),
    signal: AbortSignal.timeout(timeout),
    cache: "no-store",
    credentials: "omit",
  });
  return {
    statusCode: answer.status,
    header: Object.fromEntries(answer.headers),
    data: await read(answer, responseType),
  };
}

const listeners = new Set();
const state = () => ({ isConnected: navigator.onLine, networkType: navigator.onLine ? "wifi" : "none" });
for (const name of ["online", "offline"]) {
  addEventListener(name, () => listeners.forEach((listener) => listener(state())));
}

export const network = {
  login: (options) => settle("login", options, login()),
  request: (options) => settle("request", options, request(options)),
  getNetworkType: (options) => settle("getNetworkType", options, Promise.resolve(state())),
  onNetworkStatusChange: (listener) => listeners.add(listener),
  offNetworkStatusChange: (listener) => listeners.delete(listener),
};
