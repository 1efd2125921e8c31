// 我的授权与确认: what the lawyer sees of grants and confirmations, and taking one back.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { SCAN_ID, view } from "../support/scans.mjs";
import { installWx, openPage } from "./wechat.mjs";

const RECORD = {
  schema_version: "ISO/IEC TS 27560:2023",
  record_id: SCAN_ID,
  issuer: "https://lvzheng.example",
  events: [
    { state: "consent_given", time: "2026-11-23T08:00:00+00:00", method: "device_signature", notice_sha256: "ab".repeat(32) },
    { state: "consent_withdrawn", time: "2026-11-23T09:00:00+00:00", by: "lawyer" },
  ],
  valid_until: "2026-12-23T08:00:00+00:00",
};

let wx;
let page;
beforeEach(() => {
  wx = installWx();
  wx.getWindowInfo = () => ({ windowWidth: 390 });
});

const grant = (change) => ({
  id: SCAN_ID,
  kind: "attributes",
  requester: view().requester,
  purpose: view().purpose,
  attributes: [{ code: "name", label: "姓名" }, { code: "firm", label: "执业机构" }],
  act: null,
  retention: "30天",
  created_at: new Date(Date.now() - 60_000).toISOString(),
  expires_at: new Date(Date.now() + 86_400_000).toISOString(),
  ended_at: null,
  ended_by: null,
  receipt_ready: true,
  verify_url: null,
  ...change,
});

function serveGrants(items) {
  const asked = [];
  wx.request = ({ url, method, success }) => {
    asked.push(`${method} ${url.replace(SCAN_ID, ":id")}`);
    const ended = url.endsWith("/end");
    if (ended) items[0] = { ...items[0], ended_at: new Date().toISOString(), ended_by: "lawyer" };
    const receipt = { receipt: "a.b.c", record: RECORD, ledger: { index: 41 } };
    const data = ended ? null : url.endsWith("/receipt") ? receipt : { items, next: null };
    setImmediate(() => success({ statusCode: ended ? 204 : 200, data: structuredClone(data) }));
  };
  return asked;
}

test("grants: each says who, what and how it stands", async () => {
  const past = new Date(Date.now() - 1_000).toISOString();
  serveGrants([
    grant(),
    grant({ ended_at: past, ended_by: "lawyer" }),
    grant({ expires_at: past }),
    grant({ ended_at: past, ended_by: "something new" }),
    grant({ kind: "act", act: { code: "a", label: "查阅案卷", text: "本人确认。" }, ended_at: past, ended_by: "lawyer" }),
  ]);
  page = openPage("grants");
  await page.onShow();
  assert.deepEqual(page.data.items.map(({ standing }) => standing.word), ["有效", "您已撤回", "已到期", "已结束", "已确认"]);
  assert.deepEqual(page.data.items.map(({ open }) => open), [true, false, false, false, false]);
  assert.deepEqual([page.data.items[0].what, page.data.items[4].kindName], ["姓名、执业机构", "查阅案卷"]);
});

test("a grant is withdrawn after a question, and shows so at once", async () => {
  const asked = serveGrants([grant()]);
  wx.showToast = () => null;
  page = openPage("grant", { id: SCAN_ID });
  await page.opened;
  assert.equal(JSON.parse(page.data.receipt).receipt, "a.b.c", "the whole answer, which lvz-ledger reads");
  assert.equal(page.data.entry, "第 42 条");
  assert.deepEqual(page.data.rows.slice(0, 4).map(({ value }) => value), [
    SCAN_ID,
    "https://lvzheng.example",
    "2026年11月23日 16:00:00（本机签名）",
    "2026年11月23日 17:00:00",
  ]);
  wx.showModal = ({ success }) => success({ confirm: false });
  await page.end();
  assert.ok(!asked.some((line) => line.endsWith("/end")));
  wx.showModal = ({ success }) => success({ confirm: true });
  await page.end();
  assert.deepEqual([page.data.item.standing.word, page.data.item.open], ["您已撤回", false]);
});

test("a confirmation is found by the last part of its address", async () => {
  serveGrants([grant(), grant({ id: "other", verify_url: "https://lvzheng.example/verify/abc" })]);
  page = openPage("grant", { verify: "abc" });
  await page.opened;
  assert.equal(page.data.item.id, "other");
});
