// Small conveniences of the shell; every page works without them.
// Choices live in a cookie, so that the server renders them and nothing flickers.
const root = document.documentElement;
const YEAR = 31_536_000;

function save() {
  const choice = [root.dataset.theme, "elder" in root.dataset ? "elder" : ""].filter(Boolean);
  document.cookie = `lvz_ui=${choice.join(".")}; path=/; max-age=${YEAR}; samesite=lax`;
}

function isDark() {
  const wanted = root.dataset.theme;
  return wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function showPressed() {
  for (const button of document.querySelectorAll("[data-toggle]")) {
    const on = button.dataset.toggle === "dark" ? isDark() : "elder" in root.dataset;
    button.hidden = false;
    button.setAttribute("aria-pressed", String(on));
  }
}

function toggle(what) {
  if (what === "dark") root.dataset.theme = isDark() ? "light" : "dark";
  else if ("elder" in root.dataset) delete root.dataset.elder;
  else root.dataset.elder = "";
  save();
  showPressed();
}

const MOMENT = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  dateStyle: "medium",
  timeStyle: "short",
});

function localTimes() {
  for (const node of document.querySelectorAll("time[data-moment]")) {
    const at = new Date(node.dateTime);
    if (!Number.isNaN(at.getTime())) node.textContent = MOMENT.format(at);
  }
}

// Health is read by the page, so that a database that is down never keeps the page from opening.
async function showHealth() {
  for (const node of document.querySelectorAll("[data-health]")) {
    const answer = await fetch(node.dataset.health).catch(() => null);
    const fine = Boolean(answer?.ok);
    node.className = fine ? "state state-ok" : "state state-bad";
    node.textContent = fine ? "正常" : "不可用";
  }
}

function showCopy() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

// Where the browser keeps the clipboard from us (plain http), the text is marked for Ctrl+C.
async function copy(id) {
  const text = document.getElementById(id);
  const said = document.getElementById(`${id}-copied`);
  try {
    await navigator.clipboard.writeText(text.textContent);
    said.textContent = "已复制";
  } catch {
    getSelection().selectAllChildren(text);
    said.textContent = "浏览器不允许自动复制，已选中，请按 Ctrl+C";
  }
}

function start() {
  showPressed();
  showCopy();
  localTimes();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggle], [data-copy]");
  if (button?.dataset.toggle) toggle(button.dataset.toggle);
  else if (button) copy(button.dataset.copy);
});
document.addEventListener("htmx:afterSwap", start);
start();
showHealth();
