/** 登录页: shows the changing code, tells how the request stands, and goes on when it is decided. */
import { drawCode } from "./code.js";

const page = document.querySelector("[data-page]");
const base = `/oauth/authorize/${page.dataset.page}`;
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const SLOWER = 3000; // ms between looks while the network is away

const TITLES = {
  waiting: "请用“律证”小程序扫码",
  claimed: "已扫码，请在手机上确认",
  ready: "已确认，正在返回…",
  declined: "律师在手机上选择了不同意",
  cancelled: "已取消",
  expired: "二维码已过期",
  failed: "数字输错三次，本次请求已停止",
  completed: "本次请求已完成",
};
const OVER = ["declined", "cancelled", "expired", "failed", "completed"];

let state = "waiting";
let text = "";
let endsAt = performance.now() + Number(page.dataset.left);

const leave = () => location.replace(`${base}/finish`);

function show(found) {
  if (found.text && found.text !== text) {
    text = found.text;
    drawCode(part("code"), text);
  }
  endsAt = performance.now() + found.left_ms;
  part("offline").hidden = true;
  part("second").hidden = !found.second_scan;
  part("number").hidden = !found.needs_number;
  part("tries").textContent = found.number_tries_left < 3 ? `数字不对，还可以试 ${found.number_tries_left} 次` : "";
  if (found.state !== state || !part("title").textContent) enter(found.state);
}

function enter(next) {
  state = next;
  page.dataset.state = next;
  part("title").textContent = TITLES[next];
  const over = OVER.includes(next);
  part("plate").hidden = next !== "waiting";
  part("steps").hidden = next !== "waiting";
  part("cancel").hidden = over || next === "ready";
  part("countdown").hidden = over || next === "ready";
  part("after").hidden = !over || next === "completed";
  part("again").hidden = next !== "expired" || !page.dataset.restart;
  if (next === "ready") leave();
}

async function ask(path, options) {
  const answer = await fetch(`${base}/${path}`, { cache: "no-store", ...options });
  if (answer.status === 404) return { state: "completed", left_ms: 0, poll_in_ms: SLOWER, number_tries_left: 3 };
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

const post = (path, body = {}) =>
  ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", "X-Lvz-Page": "1" },
    body: JSON.stringify(body),
  });

async function look() {
  let wait = SLOWER;
  try {
    const found = await ask("status");
    show(found);
    wait = found.poll_in_ms + 20;
  } catch {
    part("offline").hidden = false;
  }
  if (!OVER.includes(state) && state !== "ready") setTimeout(look, wait);
}

function tick() {
  const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  part("left").textContent = left;
}

part("cancel").addEventListener("click", () => post("cancel").then(show, () => (part("offline").hidden = false)));
part("back").addEventListener("click", leave);
part("again").addEventListener("click", () => location.replace(page.dataset.restart));
part("number").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = part("digits");
  await post("number", { number: field.value.trim() }).then(show, () => (part("offline").hidden = false));
  field.value = "";
});
tick();
setInterval(tick, 500);
look();
