/** 扫一扫: what a code is, and the words that are signed. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";

const require = createRequire(import.meta.url);
const { read, isRefusedScene } = require("../../../miniprogram_mock/miniprogram/utils/scan_text.js");
const consent = require("../../../miniprogram_mock/miniprogram/utils/consent_text.js");

const TICKET = `https://lvz.example/s/${"A".repeat(22)}.17.${"b".repeat(22)}`;
const view = () => ({
  id: "00000000-0000-4000-8000-000000000000",
  kind: "act",
  requester: { name: "某法院", uscc: "91110105MA01A2B325", domain: "court.example" },
  act: { code: "casefile_reading", text: "本人确认查阅案卷。" },
  attributes: [
    { code: "name", required: true },
    { code: "firm", required: false },
  ],
  purpose: { text: "网上立案" },
  retention: "30天",
  place: "电脑浏览器（127.0.0.1）",
  acr: "urn:lvz:acr:face",
  statement: [
    "lvz-consent:v1",
    "ticket:00000000-0000-4000-8000-000000000000",
    "who:某法院 91110105MA01A2B325",
    "domain:court.example",
    "kind:act",
    "act:casefile_reading 本人确认查阅案卷。",
    "offered:name!,firm",
    "purpose:网上立案",
    "retention:30天",
    "place:电脑浏览器（127.0.0.1）",
    "acr:urn:lvz:acr:face",
  ],
});

test("a ticket, a challenge, and anything else are told apart", () => {
  assert.equal(read(TICKET).kind, "request");
  assert.equal(read("LVZK:cn.court/110105/k1::1").kind, "challenge");
  for (const text of ["https://lvz.example/s/short.1.x", `${TICKET}?x=1`, "https://evil.example/", "", `javascript:${TICKET}`])
    assert.equal(read(text).kind, "unknown", text);
});

test("a picture from the album or a chat is refused", () => {
  for (const scene of [1012, 1013, 1048, 1049]) assert.ok(isRefusedScene(scene));
  assert.ok(!isRefusedScene(1011));
  assert.ok(!isRefusedScene(null));
});

test("what is shown is what is signed, to the letter", () => {
  assert.ok(consent.isAsShown(view()));
  for (const change of [
    (v) => (v.requester.name = "另一法院"),
    (v) => (v.act.text = "本人确认放弃全部请求。"),
    (v) => (v.purpose.text = "其他"),
    (v) => (v.attributes[1].required = true),
    (v) => (v.act = null),
    (v) => v.statement.push("granted:"),
  ]) {
    const altered = view();
    change(altered);
    assert.ok(!consent.isAsShown(altered));
  }
});

test("the granted codes are sorted and the time closes the text", () => {
  const lines = consent.text(view(), ["name", "firm"], 1_700_000_000).split("\n");
  assert.deepEqual(lines.slice(-2), ["granted:firm,name", "iat:1700000000"]);
});
