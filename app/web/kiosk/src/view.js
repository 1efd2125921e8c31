/** What the screen shows. No decisions here: values in, DOM out. */

import { drawQr } from "./challenge.js";
import { explainCamera } from "./camera.js";
import { explain } from "./refusals.js";

const $ = (id) => document.getElementById(id);

const TIME = { timeZone: "Asia/Shanghai", hour12: false };
const CLOCK = new Intl.DateTimeFormat("zh-CN", { ...TIME, timeStyle: "medium" });
const DATE = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "full" });

const WORDS = {
  accepted: ["核验通过", "check"],
  amber: ["待复核", "wait"],
  refused: ["未通过", "cross"],
};
const CONNECTION = {
  up: ["已联网", "online"],
  down: ["离线核验中", "offline"],
  suspended: ["终端已停用", "cross"],
  unknown: ["正在连接", "online"],
};

const use = (name) => `icons.svg#${name}`;

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const link = document.createElementNS("http://www.w3.org/2000/svg", "use");
  link.setAttribute("href", use(name));
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(link);
  return svg;
}

/** Seconds in words. */
export function duration(seconds) {
  if (seconds < 90) return "刚刚";
  if (seconds < 5400) return `${Math.round(seconds / 60)}分钟前`;
  return `${Math.round(seconds / 3600)}小时前`;
}

export const maskLicence = (number) => `${number.slice(0, 5)}********${number.slice(-4)}`;
export const clockTime = (ms) => CLOCK.format(ms);

export function showView(name) {
  $("scan-view").hidden = name !== "scan";
  $("enrol-view").hidden = name !== "enrol";
}

export function showIdentity({ name, court_name: court, place }) {
  $("kiosk-name").textContent = court || "鉴证终端";
  $("kiosk-place").textContent = [name, place].filter(Boolean).join(" · ");
}

export function showClock(ms, synchronised) {
  $("time").textContent = CLOCK.format(ms);
  $("date").textContent = synchronised ? DATE.format(ms) : "时间未校准";
}

export function showConnection(state) {
  const [words, name] = CONNECTION[state];
  const chip = $("connection");
  if (chip.dataset.state === state) return;
  chip.dataset.state = state;
  chip.replaceChildren(icon(name), Object.assign(document.createElement("span"), { textContent: words }));
}

/** @param {{text: string, bad?: boolean}|null} banner */
export function showBanner(banner) {
  const node = $("banner");
  node.hidden = !banner;
  if (!banner) return;
  node.dataset.kind = banner.bad ? "bad" : "warn";
  const words = node.querySelector("span");
  if (words.textContent !== banner.text) words.textContent = banner.text;
}

export function showHint(text) {
  if ($("hint").textContent !== text) $("hint").textContent = text;
}

export function showCameraError(name) {
  const node = $("camera-error");
  node.hidden = !name;
  if (!name) return;
  const [title, advice] = explainCamera(name);
  node.querySelector("h2").textContent = title;
  node.querySelector("p").textContent = advice;
  node.dataset.error = name;
}

export function showChallenge(challenge) {
  const on = challenge.mode !== "off";
  $("challenge").hidden = !on;
  $("steps").hidden = on;
  if (on) drawQr($("challenge-qr"), challenge.text);
}

export function showVerdict(verdict) {
  const [word, name] = WORDS[verdict.kind];
  const refused = verdict.kind === "refused";
  const node = $("verdict");
  node.dataset.kind = verdict.kind;
  node.dataset.code = verdict.code ?? "";
  node.dataset.offline = String(verdict.offline);
  $("verdict-icon").setAttribute("href", use(name));
  $("verdict-word").textContent = word;
  $("verdict-person").hidden = refused;
  $("verdict-reason").hidden = !refused;
  if (refused) showReason(verdict);
  else showPerson(verdict);
  node.hidden = false;
  if (!$("verdict-close").hidden) $("verdict-close").focus({ preventScroll: true });
}

function showReason(verdict) {
  const { title, what, todo } = explain(verdict.code, {
    offline: verdict.offline,
    title: verdict.serverTitle,
  });
  $("verdict-sub").textContent = title;
  $("v-what").textContent = what;
  $("v-todo").textContent = todo;
  $("v-code").textContent = `${verdict.code}　${CLOCK.format(verdict.at)}`;
}

function showPerson(verdict) {
  const offline = verdict.offline ? "离线核验：照片与实时状态暂不可用，请核对证件照片" : "";
  const review = "执业状态清单超过4小时，联网后自动复核；请核对律师执业证原件";
  $("verdict-sub").textContent =
    verdict.kind === "amber" ? review : offline || `${verdict.statusLabel}，请核对照片与本人`;
  $("v-name").textContent = verdict.name;
  $("v-firm").textContent = verdict.firmName || "离线时不显示";
  $("v-category").textContent = verdict.category;
  $("v-licence").textContent = verdict.licenceNo;
  $("v-time").textContent = CLOCK.format(verdict.at);
  showPhoto(null);
  $("verdict-no-photo").textContent = verdict.hasPhoto ? "正在取照片" : noPhoto(verdict);
}

const noPhoto = ({ offline }) => (offline ? "离线核验，暂无照片" : "登记系统没有照片，请核对证件");

/** @param {Blob|null} blob */
export function showPhoto(blob) {
  const image = $("verdict-photo");
  if (image.src) URL.revokeObjectURL(image.src);
  image.removeAttribute("src");
  image.hidden = !blob;
  $("verdict-no-photo").hidden = Boolean(blob);
  if (!blob) return;
  image.alt = `${$("v-name").textContent}的登记照片`;
  image.src = URL.createObjectURL(blob);
}

export function photoFailed() {
  $("verdict-no-photo").textContent = "照片未取到，请核对证件";
}

export function showCountdown(seconds) {
  $("verdict-left").textContent = String(seconds);
}

export function hideVerdict() {
  $("verdict").hidden = true;
  showPhoto(null);
}

export function showHistory(entries) {
  $("history-empty").hidden = entries.length > 0;
  $("history-list").replaceChildren(...entries.map(historyRow));
}

function historyRow(entry) {
  const [word, name] = WORDS[entry.kind];
  const row = document.createElement("li");
  const make = (tag, text, kind) => {
    const node = document.createElement(tag);
    node.append(...[text].flat());
    if (kind) Object.assign(node, { className: "tag" }).dataset.kind = kind;
    row.append(node);
  };
  make("span", [icon(name), word], entry.kind);
  make("b", entry.title);
  make("span", clockTime(entry.at));
  make("small", entry.detail);
  return row;
}

export function showAbout(pairs) {
  $("about").replaceChildren(
    ...Object.entries(pairs).flatMap(([term, value]) => [
      Object.assign(document.createElement("dt"), { textContent: term }),
      Object.assign(document.createElement("dd"), { textContent: value }),
    ]),
  );
}

export function showError(id, text) {
  $(id).hidden = !text;
  $(id).textContent = text;
}
