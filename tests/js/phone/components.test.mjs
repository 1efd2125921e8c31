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
