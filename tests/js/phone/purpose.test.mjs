// 通行: what a lawyer comes for, and where they were let in or not, as chosen and read.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { beforeEach, test } from "node:test";

import { installWx, openPage } from "./wechat.mjs";

const require = createRequire(import.meta.url);
const words = require("../../../miniprogram_mock/miniprogram/utils/purpose_words.js");

const TODAY = "2026-11-25";
const COURT = { code: "110105", name: "北京市朝阳区人民法院" };
const HEARING = {
  id: "p1",
  court_code: COURT.code,
  court_name: COURT.name,
  purpose: "hearing",
  purpose_label: "开庭",
  case_reference: "（2026）京0105民初1号",
  day: TODAY,
  hearing_at: "2026-11-25T06:30:00.000Z",
};
const PURPOSES = [{ code: "hall", name: "立案、诉讼服务大厅" }, { code: "hearing", name: "开庭" }];

let wx, asked;
beforeEach(() => {
  wx = installWx();
  asked = [];
});
function serve(answer) {
  wx.request = ({ url, method, data, success, fail }) => {
    const path = decodeURIComponent(url).split("/api/v1")[1];
    asked.push({ path, method, data });
    const body = answer(path, method, data);
    if (body === null) return setImmediate(() => fail({ errMsg: "gone" }));
    const { statusCode = 200, ...rest } = body;
    return setImmediate(() => success({ statusCode, data: rest }));
  };
}
const typed = (value) => ({ detail: { value } });
const tapped = (dataset) => ({ currentTarget: { dataset } });
const desk = (items = []) => (path) => {
  if (path.startsWith("/pass-courts")) return { items: [COURT] };
  if (path === "/me/passes") return { today: TODAY, items, purposes: PURPOSES, ...HEARING };
  return {};
};

test("a time is read as lawyers write it, and no time is none", () => {
  for (const [written, read] of [["1430", "14:30"], ["14:30", "14:30"], ["14：30", "14:30"], ["9点", "09:00"], ["9点05分", "09:05"], ["9", "09:00"]]) {
    assert.equal(words.hour(written), read, written);
  }
  for (const bad of ["", "25:00", "14:61", "下午两点", "14:30:00", "-1"]) assert.equal(words.hour(bad), "", bad);
});

test("on 亮证 stands what holds today, and a general pass where nothing does", () => {
  assert.equal(words.summary([], TODAY), "一般通行");
  assert.equal(words.summary([HEARING], TODAY), "开庭 14:30");
  assert.equal(words.summary([HEARING, HEARING], TODAY), "开庭 14:30 等2项");
  assert.equal(words.summary([HEARING], "2026-11-26"), "一般通行", "yesterday's choice does not hold");
  assert.equal(words.dress({ ...HEARING, day: "2026-11-26" }, TODAY).when, "明天");
  assert.equal(words.dress({ ...HEARING, day: "2026-12-31" }, TODAY).when, "12月31日　星期四");
});

test("a hearing is chosen: court, day and time are sent, and what is missing is said first", async () => {
  serve(desk());
  const page = openPage("purpose");
  await page.opened;
  await page.save();
  assert.deepEqual(page.data.errors, { purpose: "请选择用途", court: "请选择法院", day: "", time: "" });
  page.choosePurpose(tapped({ key: "hearing" }));
  page.chooseCourt(tapped({ code: "110105" }));
  page.typeTime(typed("下午"));
  await page.save();
  assert.equal(page.data.errors.time, "请填写开庭时间，例如 14:30");
  assert.ok(!asked.some(({ method }) => method === "POST"));
  page.typeTime(typed("14点30"));
  page.typeReference(typed(" （2026）京0105民初1号 "));
  await page.save();
  const { data } = asked.find(({ method }) => method === "POST");
  assert.deepEqual(data, { court_code: "110105", purpose: "hearing", day: TODAY, time: "14:30", case_reference: "（2026）京0105民初1号" });
  assert.equal(page.data.done, "已保存：今天，开庭 14:30");
});

test("another purpose has no time; another day is typed; the last court is remembered", async () => {
  serve(desk());
  wx.kept.set("lvz.purpose_court", COURT);
  const page = openPage("purpose");
  await page.opened;
  const { court } = page.data;
  assert.equal(court.code, "110105");
  page.choosePurpose(tapped({ key: "hall" }));
  page.typeTime(typed("14:30"));
  page.chooseDay(tapped({ key: "other" }));
  page.typeDay(typed("2026"));
  await page.save();
  assert.match(page.data.errors.day, /年月日/);
  page.typeDay(typed("2026年12月1日"));
  await page.save();
  const { data } = asked.find(({ method }) => method === "POST");
  assert.deepEqual(data, { court_code: "110105", purpose: "hall", day: "2026-12-01" });
});

test("a refusal of the server is said and nothing typed is lost", async () => {
  serve((path, method) => (method === "POST" ? { statusCode: 422, code: "verification.pass_court_unknown", title: "该法院还没有鉴证终端。" } : desk()(path)));
  const page = openPage("purpose");
  await page.opened;
  page.choosePurpose(tapped({ key: "hall" }));
  page.chooseCourt(tapped({ code: "110105" }));
  page.typeReference(typed("事由"));
  await page.save();
  assert.deepEqual([page.data.problem, page.data.reference, page.data.purpose], ["该法院还没有鉴证终端。", "事由", "hall"]);
});

test("通行 beside 核验: refusals with their reason, and the last reading without a network", async () => {
  const refused = { id: "e1", at: "2026-11-25T01:00:00Z", admitted: false, reason_label: "安检未通过", note: null };
  let away = false;
  serve((path) => (away ? null : { items: path.startsWith("/me/entries") ? [refused] : [], next: null }));
  const page = openPage("records");
  await page.onShow();
  await page.choose(tapped({ log: "passed" }));
  assert.deepEqual([page.data.log, page.data.items[0].reason_label], ["passed", "安检未通过"]);
  await page.choose(tapped({ log: "seen" }));
  assert.deepEqual(page.data.items, []);
  away = true;
  const again = openPage("records");
  await again.choose(tapped({ log: "passed" }));
  assert.equal(again.data.items.length, 1);
  assert.match(again.data.problem, /上次读取/);
});
