// 办案工具: fees computed and courts found, as the lawyer types and reads them.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { beforeEach, test } from "node:test";

import { installWx, openPage } from "./wechat.mjs";

const require = createRequire(import.meta.url);
const words = require("../../../miniprogram_mock/miniprogram/utils/fee_words.js");

const ESTIMATE = {
  kind: "property",
  low_fen: 1380000,
  high_fen: 1380000,
  halved: false,
  article: "《诉讼费用交纳办法》第十三条第（一）项",
  lines: [{ text: "财产案件受理费：每件", low_fen: 5000, high_fen: 5000 }],
  notes: ["本结果为估算，以人民法院交纳诉讼费用通知为准。"],
};
const COURT = {
  code: "110105",
  name: "北京市朝阳区人民法院",
  level: "basic",
  level_name: "基层人民法院",
  region: "北京",
  parent_code: "110100",
  code_word: "京0105",
  source: "x",
  to_confirm: false,
};

let wx;
let asked;
beforeEach(() => {
  wx = installWx();
  asked = [];
});

function serve(answer) {
  wx.request = ({ url, method, data, success }) => {
    asked.push({ url: decodeURIComponent(url), method, data });
    const { statusCode = 200, ...body } = answer(url);
    setImmediate(() => success({ statusCode, data: body }));
  };
}
const typed = (value) => ({ detail: { value } });
const tapped = (dataset) => ({ currentTarget: { dataset } });

test("fees: amounts are read exactly, and what is no amount is said", () => {
  assert.equal(words.fen(""), null);
  assert.deepEqual(
    ["1000000", "1,000,000 元", "0.1", "12.34", "9999999999999.99"].map(words.fen),
    [100000000, 100000000, 10, 1234, 999999999999999],
  );
  for (const bad of ["-1", "1.234", "一万", "1e5", "1.", ".5", "12345678901234"]) assert.ok(Number.isNaN(words.fen(bad)), bad);
});

test("fees: the sum, the steps and the articles are shown", async () => {
  serve(() => ESTIMATE);
  const page = openPage("fee");
  page.type(typed("1000000"));
  page.reduce(typed(["summary"]));
  await page.estimate();
  assert.deepEqual(asked[0].data, { kind: "property", amount_fen: 100000000, reductions: ["summary"] });
  assert.equal(page.data.result.total, "13,800.00 元");
  assert.equal(page.data.result.lines[0].fee, "50.00 元");
  page.choose(tapped({ key: "divorce" }));
  assert.equal(page.data.result, null, "an answer to another question is taken away");
});

test("fees: a bad amount is not sent, and a refusal is said", async () => {
  serve(() => ({ statusCode: 422, code: "filing.fee_amount_needed", title: "请填写金额。" }));
  const page = openPage("fee");
  page.type(typed("一万"));
  await page.estimate();
  assert.deepEqual([asked.length, page.data.error], [0, "请填写数字，最多两位小数"]);
  page.type(typed(""));
  await page.estimate();
  assert.equal(page.data.problem, "请填写金额。");
});

test("courts: found by words, page by page, and opened", async () => {
  serve((url) => ({ items: [COURT], next: url.includes("after=") ? null : "110105" }));
  const page = openPage("courts");
  page.type(typed(" 朝阳 "));
  await page.search();
  await page.more();
  assert.deepEqual(asked.map(({ url }) => url.split("/api/v1")[1]), ["/courts?q=朝阳", "/courts?q=朝阳&after=110105"]);
  assert.deepEqual([page.data.items.length, page.data.next], [2, null]);
  page.type(typed("' OR 1"));
  page.search();
  assert.deepEqual([asked.length, page.data.error], [2, "只填汉字和数字"]);
});

test("courts: one court, and the one above it", async () => {
  serve(() => ({ court: COURT, parent: { ...COURT, name: "北京市第三中级人民法院" }, functions: [] }));
  const page = openPage("court", { code: "110105" });
  await page.opened;
  assert.deepEqual([page.data.court.code_word, page.data.parent.name], ["京0105", "北京市第三中级人民法院"]);
});

test("courts: what is not offered stands under what to do instead", async () => {
  const one = (name, refusal, instead) => ({ function: name, name, offered: !refusal, refusal, instead, notice: "" });
  const functions = [
    one("立案", null, ""),
    one("阅卷", "not_built", "请到大厅。"),
    one("退费", "not_built", "请到大厅。"),
    one("庭审", "unavailable", "请到庭。"),
  ];
  serve(() => ({ court: COURT, parent: null, functions }));
  const page = openPage("court", { code: "110105" });
  await page.opened;
  assert.deepEqual(page.data.offered.map(({ name }) => name), ["立案"]);
  assert.deepEqual(
    page.data.others.map(({ head, names, instead }) => [head, names, instead]),
    [["本平台尚未开通", "阅卷、退费", "请到大厅。"], ["该法院暂不支持", "庭审", "请到庭。"]],
  );
});

const DEADLINE = {
  rule: "D11",
  variant: "civil",
  track: "答辩",
  law: "civil",
  trigger: "收到起诉状副本",
  duty: "提出答辩状",
  before: false,
  to_confirm: false,
};
const deadlineWords = require("../../../miniprogram_mock/miniprogram/utils/deadline_words.js");

test("deadlines: a day is read as lawyers write it, and no day is no day", () => {
  for (const written of ["20260205", "2026-2-5", "2026.02.05", "2026年2月5日", " 2026/2/5 "]) {
    assert.equal(deadlineWords.day(written), "2026-02-05", written);
  }
  for (const bad of ["", "2026", "20260230", "20261301", "明天", "26-2-5"]) assert.equal(deadlineWords.day(bad), "", bad);
});

test("deadlines: chosen from the list, counted, and explained", async () => {
  const answer = {
    last_day: "2026-02-24",
    act_by: "2026-02-24",
    provisional: false,
    to_confirm: false,
    basis: ["民诉法 85"],
    explanation: "自2026年2月5日收到起诉状副本的次日起算15日……",
  };
  serve((url) => (url.endsWith("/deadlines") ? { items: [DEADLINE] } : answer));
  const list = openPage("deadlines");
  await list.opened;
  assert.deepEqual(list.data.groups.map(({ name, rows }) => [name, rows[0].event]), [["民事", "自收到起诉状副本起"]]);
  const page = openPage("deadline", { rule: "D11", variant: "civil" });
  await page.opened;
  page.type(typed("2026"));
  await page.count();
  assert.equal(page.data.error, "请填写年月日，例如 20261125");
  page.type(typed("20260205"));
  await page.count();
  assert.deepEqual(asked.at(-1).data, { rule: "D11", variant: "civil", day: "2026-02-05", in_custody: false });
  assert.equal(page.data.result.last, "2026年2月24日　星期二");
});
