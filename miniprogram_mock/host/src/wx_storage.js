/** wx storage over localStorage, and random numbers. */
import { settle } from "./wx_core.js";

const PREFIX = "wx:";

function getStorageSync(key) {
  const text = localStorage.getItem(PREFIX + key);
  return text === null ? "" : JSON.parse(text);
}

const setStorageSync = (key, data) => localStorage.setItem(PREFIX + key, JSON.stringify(data));
const removeStorageSync = (key) => localStorage.removeItem(PREFIX + key);

async function getStorage({ key }) {
  if (localStorage.getItem(PREFIX + key) === null) throw new Error("data not found");
  return { data: getStorageSync(key) };
}

export const storage = {
  getStorageSync,
  setStorageSync,
  removeStorageSync,
  getStorage: (options) => settle("getStorage", options, getStorage(options)),
  setStorage: (options) =>
    settle("setStorage", options, (async () => setStorageSync(options.key, options.data))()),
  removeStorage: (options) =>
    settle("removeStorage", options, (async () => removeStorageSync(options.key))()),
  getRandomValues: ({ length, ...options }) =>
    settle(
      "getRandomValues",
      options,
      (async () => ({ randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer }))(),
    ),
};
