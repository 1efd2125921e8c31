// 扫一扫 on the phone: what a camera may have read, how we were opened, what is shown and signed.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { SCAN_ID, ScanServer, STATEMENT, TICKET, view } from "../support/scans.mjs";
import { installWx, openPage, util } from "./wechat.mjs";

const consentText = util("consent_text");
const deviceKey = util("device_key");
const entry = util("entry");
const format = util("format");
const scanner = util("scanner");
const scanText = util("scan_text");

let server;
let wx;
let went;
let page;
beforeEach(async () => {
  wx = installWx();
  went = [];
  const go = (name) => ({ url }) => void went.push(`${name} ${url}`);
  for (const name of ["navigateTo", "redirectTo", "switchTab", "reLaunch"]) wx[name] = go(name);
  wx.getWindowInfo = () => ({ windowWidth: 390 });
  server = new ScanServer(await deviceKey.ensure());
  wx.request = server.request;
  wx.setStorageSync("lvz.token", "token");
  wx.setStorageSync("lvz.me", { state: "bound" });
});
afterEach(() => {
  page?.rest?.();
  page = null;
});

const settled = () => new Promise((done) => setTimeout(done, 20));

async function consent(change) {
  page?.rest?.();
  server.view = view(change);
  page = openPage("consent", { id: SCAN_ID });
  page.onShow();
  await settled();
  return page;
}

test("the scanner tells a ticket from a challenge and refuses the rest", () => {
  assert.deepEqual(scanText.parse(TICKET), { kind: "ticket", text: TICKET });
  assert.equal(scanText.parse("http://127.0.0.1:8000/s/" + TICKET.split("/s/")[1]).kind, "ticket");
  assert.equal(scanText.parse("LVZK:cn.court/110105/k07::1").challenge.audience, "cn.court/110105/k07");
  const [before, after] = TICKET.split(".17.");
  const bad = ["", "https://lvzheng.example/s/", `${before}.17`, `${before}..${after}`, `${before}.1234567.${after}`, `${TICKET}x`, `${TICKET} `, `\n${TICKET}`, `javascript:${TICKET}`, `LVZ1:${TICKET}`, "weixin://pay", TICKET.replace("/s/", "/s/x/"), TICKET.replace("lvzheng.example", "a/b")];
  for (const text of bad) assert.equal(scanText.parse(text), null, text);
});

test("a ticket opens its page by memory, a challenge the code, anything else a sentence", async () => {
  const asked = [];
  wx.showModal = ({ title, success }) => (asked.push(title), success({ confirm: false }));
  const read = (result) => (wx.scanCode = (options) => (asked.push(options.onlyFromCamera), options.success({ result })));
  read(TICKET);
  await scanner.open();
  assert.deepEqual(went, ["navigateTo /pages/scan/scan"]);
  assert.deepEqual([scanner.takeTicket(), scanner.takeTicket()], [TICKET, null]);
  read("LVZK:cn.court/110105/k07::1");
  await scanner.open();
  assert.equal(went[1], "switchTab /pages/show/show");
  assert.equal(scanner.takeChallenge().challenge.form, 1);
  read("https://example.com");
  await scanner.open();
  assert.equal(went.length, 2);
  assert.deepEqual(asked, [true, true, true, "不是律证的二维码"]);
});

test("opened by the rule for links: only by a camera, and only at once", () => {
  const q = encodeURIComponent(TICKET);
  const from = (scene) => (wx.getEnterOptionsSync = () => ({ scene }));
  const now = Date.now();
  from(1011);
  assert.deepEqual(entry.read({ q }, now), { text: TICKET, scene: 1011 });
  assert.deepEqual(entry.read({ q, scancode_time: String(Math.floor(now / 1000)) }, now).text, TICKET);
  assert.equal(entry.read({ q, scancode_time: String(Math.floor(now / 1000) - 11) }, now).refused, "stale");
  assert.equal(entry.read({ q: "%E0%A4%A" }, now).refused, "unreadable");
  for (const scene of [1012, 1013, 1048, 1049, 1007, 1037, 1001, undefined]) {
    from(scene);
    assert.equal(entry.read({ q }, now).refused, "not_camera", String(scene));
  }
  wx.getEnterOptionsSync = undefined;
  assert.equal(entry.read({ q }, now).refused, "not_camera");
  wx.getLaunchOptionsSync = () => ({ scene: 1011 });
  assert.equal(entry.read({ q }, now).scene, 1011);
});

test("a code from an album or a chat is refused in words and never sent", async () => {
  for (const scene of [1012, 1013, 1048, 1049]) {
    wx.getEnterOptionsSync = () => ({ scene });
    page = openPage("scan", { q: encodeURIComponent(TICKET) });
    await settled();
    assert.match(page.data.refusal.text, /请当面扫描屏幕上的码，不能识别图片或转发的码/);
  }
  assert.deepEqual(server.asked, []);
});

test("a scanned ticket is claimed with how it was scanned, and its consent page opens", async () => {
  wx.getEnterOptionsSync = () => ({ scene: 1011 });
  await openPage("scan", { q: encodeURIComponent(TICKET) }).opened;
  wx.scanCode = ({ success }) => success({ result: TICKET });
  await scanner.open();
  await openPage("scan").opened;
  assert.deepEqual(server.bodies, [
    { text: TICKET, source: "camera", scene: 1011 },
    { text: TICKET, source: "camera", scene: null },
  ]);
  assert.equal(went.filter((to) => to === `redirectTo /pages/consent/consent?id=${SCAN_ID}`).length, 2);
});

test("refusals of a ticket are said with a way on; without binding nothing is sent", async () => {
  wx.getEnterOptionsSync = () => ({ scene: 1011 });
  const q = encodeURIComponent(TICKET);
  server.refuseNext = { status: 409, code: "scan.stale", title: "x" };
  page = openPage("scan", { q });
  await page.opened;
  assert.deepEqual([page.data.refusal.title, page.data.refusal.action], ["二维码已更新", "scan"]);
  server.refuseNext = { status: 409, code: "scan.taken", title: "已有另一部手机扫了这个码。" };
  page = openPage("scan", { q });
  await page.opened;
  assert.match(page.data.refusal.text, /另一部手机/);
  wx.setStorageSync("lvz.me", { state: "unbound" });
  page = openPage("scan", { q });
  await page.opened;
  assert.equal(page.data.refusal.action, "home");
  assert.equal(server.asked.length, 2);
});

test("the text to sign is the agreed one, line for line", () => {
  assert.deepEqual(consentText.lines(view()), STATEMENT);
  assert.ok(consentText.agrees(view()));
  const act = { code: "casefile_reading", text: "本人确认向甲法院申请查阅（2026）京0105民初1号案卷。" };
  assert.equal(consentText.lines(view({ act, kind: "act" }))[5], `act:casefile_reading ${act.text}`);
  assert.equal(consentText.text(["a", "b"], ["name", "firm"], 7), "a\nb\ngranted:firm,name\niat:7");
  assert.equal(consentText.text(["a"], [], 7), "a\ngranted:\niat:7");
});

test("a statement that differs in anything from the fields is not the same", () => {
  const { requester, attributes } = view();
  const changes = [
    { id: "other" },
    { kind: "login" },
    { requester: { ...requester, name: "另一家" } },
    { requester: { ...requester, uscc: "1" } },
    { requester: { ...requester, domain: "evil.example" } },
    { purpose: { code: "filing", text: "别的用途" } },
    { retention: "365天" },
    { place: "别处" },
    { acr: "urn:lvz:acr:scan" },
    { act: { code: "document_receipt", text: "本人确认签收。" } },
    { attributes: attributes.slice(1) },
    { attributes: attributes.map((item) => ({ ...item, required: true })) },
    { attributes: [...attributes].reverse() },
    { statement: [...STATEMENT, "act:x y"] },
    { statement: undefined },
    { statement: STATEMENT.join("\n") },
  ];
  for (const change of changes) assert.ok(!consentText.agrees(view(change)), JSON.stringify(change));
});

test("a field that hides a second line or turns the reading direction is not signed", () => {
  for (const trick of ["甲\nacr:urn:lvz:acr:scan", "甲\u2028乙", "甲\u202e乙", "甲\u200b乙", "甲\u0000"]) {
    const hidden = view({ purpose: { code: "filing", text: trick } });
    hidden.statement = consentText.lines(hidden);
    assert.ok(!consentText.agrees(hidden), JSON.stringify(trick));
  }
});

test("consent: agreeing signs what was shown, all attributes unless some are taken off", async () => {
  await consent();
  assert.equal(page.data.stage, "ask");
  await page.agree();
  assert.equal(page.data.stage, "approved", page.data.problem);
  assert.deepEqual(server.bodies[0].granted, ["name", "license_no", "firm"]);
});

test("consent: an optional attribute can be taken off, a required one cannot", async () => {
  await consent();
  page.pick({ detail: { value: [] } });
  assert.deepEqual(page.data.attributes.map(({ given }) => given), [true, true, false]);
  page.pick({ detail: { value: ["firm"] } });
  assert.deepEqual(page.data.attributes.map(({ given }) => given), [true, true, true]);
  page.pick({ detail: { value: [] } });
  await page.agree();
  assert.equal(page.data.stage, "approved", page.data.problem);
  assert.deepEqual(server.bodies[0].granted, ["name", "license_no"]);
});

test("consent: a statement unlike the page is refused, declined, and never signed", async () => {
  await consent({ retention: "365天" });
  assert.equal(page.data.stage, "ended");
  assert.match(page.data.ending.title, /内容对不上/);
  await page.agree();
  await settled();
  assert.ok(!server.asked.some((line) => line.endsWith("/approve")));
  assert.ok(server.asked.includes("POST /api/v1/scans/:id/decline"));
});

test("consent: words changed after they were shown are refused, even if they agree with themselves", async () => {
  await consent();
  const changed = view({ retention: "365天" });
  changed.statement = consentText.lines(changed);
  server.view = changed;
  await page.poll();
  await settled();
  assert.match(page.data.ending.title, /内容对不上/);
  await page.agree();
  assert.ok(!server.asked.some((line) => line.endsWith("/approve")));
});

test("consent: no and 不是我发起的 are sent with their reasons, going back is a no", async () => {
  await consent();
  await page.disagree();
  assert.deepEqual([page.data.ending.title, server.bodies[0]], ["您没有同意", { reason: "no" }]);
  await consent();
  wx.showModal = ({ success }) => success({ confirm: true });
  await page.notStartedByMe();
  assert.deepEqual([page.data.ending.title, server.bodies[1]], ["已取消并上报", { reason: "not_mine" }]);
  await consent();
  page.onUnload();
  await settled();
  assert.deepEqual(server.bodies[2], { reason: "no" });
});

test("consent: every way it can end has a sentence and a way on", async () => {
  for (const state of ["completed", "declined", "cancelled", "expired", "failed"]) {
    await consent({ state });
    assert.equal(page.data.stage, "ended", state);
    assert.match(page.data.ending.text, /。$/, state);
    assert.match(page.data.ending.way, /^(show|scan)$/, state);
  }
});

test("consent: the number, the second scanner and the confirmation are shown as they come", async () => {
  await consent({ number: "47", second_scan: true });
  assert.deepEqual([page.data.number, page.data.numberDone, page.data.secondScan], ["47", false, true]);
  server.refuseNext = { status: 409, code: "scan.number_missing", title: "请先输入数字。" };
  await page.agree();
  assert.deepEqual([page.data.stage, page.data.problem], ["ask", "请先输入数字。"]);
  server.view = { ...server.view, number_done: true };
  await page.poll();
  assert.equal(page.data.numberDone, true);
  await page.agree();
  server.view = { ...server.view, state: "completed", result: { confirmation_id: "c", verify_url: "https://lvzheng.example/verify/abc" } };
  await page.poll();
  page.toConfirmation();
  assert.equal(went.at(-1), "redirectTo /pages/grant/grant?verify=abc");
});

test("consent: a face check asked for late is offered, and the page goes on after it", async () => {
  await consent();
  server.refuseNext = { status: 403, code: "authorization.face_needed", title: "请先核验是您本人。" };
  await page.agree();
  assert.deepEqual([page.data.stage, page.data.faceNeeded], ["ask", true]);
  page.toFace();
  assert.equal(went.at(-1), "navigateTo /pages/face/face?back=1");
  page.onHide();
  page.onShow();
  await settled();
  assert.equal(page.data.faceNeeded, false);
  await page.agree();
  assert.equal(page.data.stage, "approved");
});

test("consent: an answer that was under way when the lawyer decided changes nothing", async () => {
  await consent();
  let late;
  const request = wx.request;
  wx.request = (options) => (late = options);
  const polling = page.poll();
  wx.request = request;
  const before = { ...server.view };
  await page.agree();
  late.success({ statusCode: 200, data: before });
  await polling;
  assert.equal(page.data.stage, "approved");
});

test("consent: it asks while it is open, not while it is hidden", async () => {
  await consent();
  const asked = server.asked.length;
  page.onHide();
  await new Promise((done) => setTimeout(done, 1_700));
  assert.equal(server.asked.length, asked);
  page.onShow();
  await new Promise((done) => setTimeout(done, 1_700));
  assert.equal(server.asked.length, asked + 2);
});

test("consent: without network it says so and goes on asking; what is gone is said once", async () => {
  await consent();
  server.refuseNext = { status: 503, code: "http.unavailable", title: "服务繁忙，请稍后重试。" };
  await page.poll();
  assert.deepEqual([page.data.stage, /正在重试/.test(page.data.problem)], ["ask", true]);
  await page.poll();
  assert.equal(page.data.problem, "");
  server.refuseNext = { status: 404, code: "scan.unknown", title: "没有这个码。" };
  await page.poll();
  assert.deepEqual([page.data.stage, page.data.ending.title], ["ended", "没有这次请求"]);
});

test("the countdown is the server's, in minutes and seconds, and stops at nought", async () => {
  const now = Date.UTC(2026, 10, 23);
  for (const [ahead, words] of [[112_000, "1:52"], [111_001, "1:52"], [60_000, "1:00"], [9_000, "0:09"], [1, "0:01"], [0, "0:00"], [-5_000, "0:00"]])
    assert.equal(format.remaining(now + ahead, now), words);
  await consent({ expires_at: new Date(Date.now() + 125_000).toISOString() });
  assert.match(page.data.left, /^2:0[4-6]$/); // the server's clock is read to the second
  assert.equal(page.data.hurry, false);
  server.view = { ...server.view, expires_at: new Date(Date.now() + 20_000).toISOString() };
  await page.poll();
  assert.equal(page.data.hurry, true);
});
