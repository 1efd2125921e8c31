// The components as WeChat loads them: Tencent's simulator, and Tencent's compilers.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const ROOT = path.resolve(import.meta.dirname, "../../..");
const SOURCE = path.join(ROOT, "miniprogram_mock/miniprogram");

test("Tencent's compilers accept every template and style sheet", { skip: process.platform !== "linux" }, async () => {
  const { wxmlToJs, wxssToJs } = require("miniprogram-compiler");
  const markup = await wxmlToJs(SOURCE);
  for (const page of require(path.join(SOURCE, "app.json")).pages) assert.ok(markup.includes(page), page);
  assert.ok(markup.includes("components/lz-qr/lz-qr"));
  assert.ok((await wxssToJs(SOURCE)).length > 1000);
});

/** Load a component into jsdom; answers what miniprogram-simulate renders. */
function render(name, properties) {
  const { JSDOM } = require("jsdom");
  const { window } = new JSDOM("<!doctype html><body></body>");
  for (const key of ["window", "document", "HTMLElement", "Node", "Event", "CustomEvent", "TouchEvent"])
    globalThis[key] = key === "window" ? window : window[key];
  const simulate = require("miniprogram-simulate");
  const id = simulate.load(path.join(SOURCE, name), { rootPath: SOURCE });
  const component = simulate.render(id, properties);
  component.attach(window.document.createElement("div"));
  return component;
}

test("a field shows its count and its error, and says what was typed", () => {
  const field = render("components/lz-field/lz-field", { label: "律师执业证号", value: "111", maxlength: 17, count: true, error: "执业证号应为17位，现为3位" });
  assert.match(field.dom.textContent, /律师执业证号/);
  assert.match(field.dom.textContent, /3\/17/);
  assert.match(field.dom.textContent, /现为3位/);
  const said = [];
  field.addEventListener("change", ({ detail }) => said.push(detail.value));
  field.instance.input({ detail: { value: "1112" } });
  assert.deepEqual(said, ["1112"]);
});

test("a code takes whole pixels a module and never more than its room", () => {
  const code = render("components/lz-qr/lz-qr", { text: "LVZ3:MFRGGZDFMZTWQ2LK-92324315", room: 300 });
  assert.equal(code.data.side, 297);
  assert.match(code.data.src, /^data:image\/png;base64,/);
  code.setData({ room: 200 });
  assert.equal(code.data.side, 198);
});
