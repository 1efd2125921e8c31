/** A `wx` in memory for modules that need storage, random numbers and requests. */
import { createRequire } from "node:module";
import { webcrypto } from "node:crypto";

const require = createRequire(import.meta.url);
const UTILS = "../../../miniprogram_mock/miniprogram/utils/";

export const util = (name) => require(UTILS + name);

export function installWx({ url = "" } = {}) {
  const kept = new Map();
  const copy = (value) => (value === undefined ? "" : structuredClone(value));
  globalThis.wx = {
    kept,
    getStorageSync: (key) => copy(kept.get(key)),
    setStorageSync: (key, value) => void kept.set(key, copy(value)),
    removeStorageSync: (key) => void kept.delete(key),
    getStorage: ({ key, success, fail }) => (kept.has(key) ? success({ data: kept.get(key) }) : fail({ errMsg: "data not found" })),
    setStorage: ({ key, data, success }) => (kept.set(key, data), success({})),
    removeStorage: ({ key, success }) => (kept.delete(key), success({})),
    getRandomValues: ({ length, success }) => success({ randomValues: webcrypto.getRandomValues(new Uint8Array(length)).buffer }),
    login: ({ success }) => success({ code: "code" }),
    request({ url: path, method, data, header, responseType, success, fail }) {
      const json = data instanceof ArrayBuffer ? data : JSON.stringify(data ?? {});
      const body = method === "GET" ? undefined : json;
      fetch(url + path, { method, headers: header, body })
        .then(async (answer) => {
          const read = responseType ? await answer.arrayBuffer() : await answer.text();
          const parsed = typeof read === "string" && read ? JSON.parse(read) : read;
          success({ statusCode: answer.status, data: parsed });
        })
        .catch((error) => fail({ errMsg: String(error) }));
    },
  };
  return globalThis.wx;
}

const PAGES = "../../../miniprogram_mock/miniprogram/pages/";

function setPath(data, path, value) {
  const names = path.split(".");
  const last = names.pop();
  names.reduce((part, name) => part[name], data)[last] = value;
}

/** A page as WeChat makes one of its options: its data, setData, and its methods on one object. */
export function openPage(name, query = {}) {
  const file = require.resolve(`${PAGES}${name}/${name}`);
  let options;
  globalThis.Page = (given) => (options = given);
  delete require.cache[file];
  require(file);
  const page = { ...options, data: structuredClone(options.data) };
  page.setData = (change) => Object.entries(change).forEach(([path, value]) => setPath(page.data, path, value));
  page.opened = page.onLoad(query);
  return page;
}
