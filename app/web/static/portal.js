// 律师服务平台: says when the session is about to end, and that the network is away.
// Every page works without it: what was typed is then kept by the server.
const idle = document.querySelector('[data-session="idle"]');
const over = document.querySelector('[data-session="over"]');
const online = document.querySelector("[data-online]");
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const SLOWER = 15_000; // ms until it is asked again while the network is away
let timer = 0;
let endsAt = 0;

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(1000, ms));
}

function tell(found) {
  endsAt = performance.now() + found.left_s * 1000;
  part("prolong").hidden = !found.prolongable;
  if (!idle.open) idle.showModal();
  count(found.prolongable);
}

function count(prolongable) {
  const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  part("idle-text").textContent = prolongable
    ? `已有一段时间没有操作，${seconds} 秒后将自动退出。`
    : `这次登录的时间将满，${seconds} 秒后需要重新扫码。请先提交或记下正在填写的内容。`;
  if (idle.open && seconds) setTimeout(() => idle.open && count(prolongable), 1000);
}

function finish() {
  clearTimeout(timer);
  if (idle.open) idle.close();
  if (!over.open) over.showModal();
}

function show(answer, found) {
  if (answer.status === 401) return finish();
  if (found.left_s <= found.warn_s) {
    tell(found);
    return later(found.left_s * 1000 + 500);
  }
  if (idle.open) idle.close();
  return later((found.left_s - found.warn_s) * 1000);
}

// Asking does not prolong: only what the lawyer does counts.
async function look() {
  try {
    const answer = await fetch("/portal/session", { cache: "no-store" });
    show(answer, await answer.json());
  } catch {
    later(SLOWER);
  }
}

part("prolong").addEventListener("click", async () => {
  part("prolong-error").textContent = "";
  try {
    const headers = { "X-Form-Token": idle.dataset.formToken };
    const answer = await fetch("/portal/session", { method: "POST", headers });
    if (answer.ok) show(answer, await answer.json());
    else finish();
  } catch {
    part("prolong-error").textContent = "网络不通，请再点一次。";
  }
});
part("stay").addEventListener("click", () => over.close());

function showOnline() {
  online.classList.toggle("off", !navigator.onLine);
  online.querySelector("use").setAttribute("href", `/static/icons.svg#${navigator.onLine ? "online" : "offline"}`);
  online.querySelector("span").textContent = navigator.onLine ? "在线" : "离线";
}

addEventListener("online", showOnline);
addEventListener("offline", showOnline);
// A computer that slept, or another window in which work went on.
document.addEventListener("visibilitychange", () => document.hidden || look());
showOnline();
look();
