// 投诉、建议与评价: what is written is kept until it is sent, sent once, and said in words.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { beforeEach, test } from "node:test";

import { installWx, openPage } from "./wechat.mjs";

const require = createRequire(import.meta.url);
const words = require("../../../miniprogram_mock/miniprogram/utils/feedback_words.js");

const TICKET = {
  id: "t1",
  number: "12345674",
  kind: "attitude",
  kind_name: "服务态度",
  channel_name: "平台",
  state: "received",
  state_name: "已受理",
  level: "officer",
  level_name: "承办人",
  object_name: "北京市朝阳区人民法院",
  desk_name: "北京市朝阳区人民法院",
  case_number: null,
  filed_at: "2026-11-25T02:00:00Z",
  due_on: "2026-11-30",
  overdue: false,
};
const step = (kind, note) => ({ kind, kind_name: kind, at: "2026-11-25T02:00:00Z", by: "张法官", note });
const detail = (ticket = {}, more = {}) => ({
  ticket: { ...TICKET, ...ticket },
  text: "窗口态度恶劣。",
  contact: "",
  against_name: "",
  basis: ["平台服务约定"],
  to_confirm: true,
  steps: [step("filed", "")],
  may_judge: false,
  may_reopen: false,
  ...more,
});
const COURT = { code: "110105", name: "北京市朝阳区人民法院" };

let wx;
let asked;
let went;
beforeEach(() => {
  wx = installWx();
  asked = [];
  went = [];
  for (const name of ["navigateTo", "redirectTo"]) wx[name] = ({ url }) => void went.push(url);
  wx.showToast = () => null;
});

/** answer(path, method) → body, or {statusCode, …}; null is a dead network. */
function serve(answer) {
  wx.request = ({ url, method, data, header, success, fail }) => {
    const path = url.split("/api/v1")[1];
    asked.push({ path, method, data, key: header["Idempotency-Key"] });
    const found = answer(path, method);
    if (found === null) return void setImmediate(() => fail({ errMsg: "request:fail" }));
    const { statusCode = 200, ...body } = found;
    return void setImmediate(() => success({ statusCode, data: statusCode === 204 ? "" : body }));
  };
}
async function until(ready) {
  for (let turn = 0; turn < 500 && !ready(); turn += 1) await new Promise((done) => setTimeout(done, 5));
  assert.ok(ready());
}
const typed = (value, dataset = {}) => ({ detail: { value }, currentTarget: { dataset } });
const tapped = (dataset) => ({ currentTarget: { dataset } });
const posts = () => asked.filter(({ method }) => method === "POST");

test("the list says where a complaint stands and by which day it is answered", async () => {
  const late = { ...TICKET, id: "t2", overdue: true };
  serve(() => ({ items: [TICKET, late, { ...TICKET, id: "t3", state: "replied" }] }));
  const page = openPage("complaints", {});
  page.onShow();
  await until(() => page.data.loaded);
  assert.deepEqual(
    page.data.items.map(({ words: said, open, overdue, due }) => [said, open, overdue, due]),
    [
      ["已受理，等待法院交办", true, false, "2026年11月30日　星期一"],
      ["已受理，等待法院交办", true, true, "2026年11月30日　星期一"],
      ["已答复，请您看看是否满意", false, false, "2026年11月30日　星期一"],
    ],
  );
  assert.equal(page.data.canCall, false, "no call is offered where the phone cannot make one");
  page.open(tapped({ id: "t1" }));
  page.complain();
  assert.deepEqual(went, ["/pages/complaint/complaint?id=t1", "/pages/complain/complain"]);
});

test("a case goes along to the form, and a phone that can call is offered the call", () => {
  const called = [];
  wx.makePhoneCall = ({ phoneNumber }) => void called.push(phoneNumber);
  const page = openPage("complaints", { case_id: "c1" });
  page.complain();
  page.call();
  assert.deepEqual([page.data.canCall, called, went], [true, ["12368"], ["/pages/complain/complain?case_id=c1"]]);
});

test("a complaint is not sent until kind, court and text are there; each is said beside its field", async () => {
  serve(() => detail());
  const page = openPage("complain", {});
  await page.send();
  assert.deepEqual(Object.keys(page.data.errors), ["kind", "court", "text"]);
  assert.equal(asked.length, 0);
  page.choose(tapped({ key: "system" }));
  page.type(typed("页面打不开了", { name: "text" }));
  assert.equal(page.data.hint, "本平台打不开、出错、收不到通知");
  await page.send();
  assert.deepEqual(posts()[0].data, { kind: "system", text: "页面打不开了", against_name: "", contact: "" });
  assert.deepEqual(went, ["/pages/complaint/complaint?id=t1&new=1"]);
});

test("what was written outlives a dead network and a restart, and is sent under the same key", async () => {
  serve(() => null);
  const page = openPage("complain", {});
  page.choose(tapped({ key: "attitude" }));
  page.pick({ detail: { court: COURT } });
  page.type(typed("窗口态度恶劣。", { name: "text" }));
  await page.send();
  assert.match(page.data.problem, /网络不通.*您写的内容还在/);
  assert.deepEqual([page.data.text, page.data.busy], ["窗口态度恶劣。", false]);

  serve(() => detail());
  const again = openPage("complain", {});
  assert.deepEqual([again.data.text, again.data.court, again.data.kept], ["窗口态度恶劣。", COURT, true]);
  const before = posts()[0].key;
  await again.send();
  assert.equal(posts().at(-1).key, before, "the server may have the first one already");
  assert.equal(posts().at(-1).data.court_code, "110105");
  assert.equal(words.draft("complaint "), null);
  assert.equal(openPage("complain", {}).data.text, "");
});

test("another text is another complaint, and a refusal stands at its field", async () => {
  serve(() => ({ statusCode: 422, code: "feedback.incomplete", title: "填写不完整。", field: "court_code", message: "请选择被投诉的法院。" }));
  const page = openPage("complain", {});
  page.choose(tapped({ key: "other" }));
  page.pick({ detail: { court: COURT } });
  page.type(typed("第一次写的", { name: "text" }));
  await page.send();
  assert.equal(page.data.errors.court, "请选择被投诉的法院。");
  page.type(typed("第二次写的", { name: "text" }));
  await page.send();
  assert.notEqual(posts()[0].key, posts()[1].key);
});

test("about a case: it is named, needs no court, and has a draft of its own", async () => {
  const about = { title: "张某与李某合同纠纷", case_number: "（2026）京0105民初1号", court_name: COURT.name };
  serve((path) => (path.startsWith("/cases/") ? { case: about } : detail()));
  const page = openPage("complain", { case_id: "c1" });
  await until(() => page.data.about);
  page.choose(tapped({ key: "judge_contact" }));
  page.type(typed("电话一直无人接听", { name: "text" }));
  assert.equal(openPage("complain", {}).data.text, "");
  await page.send();
  assert.deepEqual(posts()[0].data, { kind: "judge_contact", text: "电话一直无人接听", against_name: "", contact: "", case_id: "c1" });
});

test("a reply is judged: chosen first, said what follows, and kept when refused", async () => {
  const replied = detail({ state: "replied", level: "division" }, { may_judge: true, steps: [step("filed", ""), step("replied", "已批评教育。")] });
  let refuse = true;
  serve((path, method) => {
    if (method === "GET") return replied;
    return refuse ? { statusCode: 503, code: "x", title: "服务繁忙。" } : detail({ state: "handling", level: "president" });
  });
  const page = openPage("complaint", { id: "t1" });
  await until(() => page.data.view);
  assert.deepEqual([page.data.view.reply.note, page.data.view.next], ["已批评教育。", "将交院长督办，换人重新答复。"]);
  await page.judge();
  assert.deepEqual([page.data.error, posts().length], ["请先点选满意或者不满意", 0]);
  page.choose(tapped({ key: "no" }));
  page.type(typed("没有解决"));
  await page.judge();
  assert.match(page.data.sending, /服务繁忙。您写的内容还在/);
  refuse = false;
  await page.judge();
  assert.deepEqual(posts().map(({ data }) => data), [{ satisfied: false, note: "没有解决" }, { satisfied: false, note: "没有解决" }]);
  assert.equal(posts()[0].key, posts()[1].key);
  assert.deepEqual([page.data.view.ticket.words, page.data.note, page.data.satisfied], ["法院正在办理", "", null]);
});

test("a closed complaint is opened again only with a reason", async () => {
  serve((path, method) => (method === "GET" ? detail({ state: "closed" }, { may_reopen: true }) : detail({ state: "handling" })));
  const page = openPage("complaint", { id: "t1" });
  await until(() => page.data.view);
  await page.reopen();
  assert.deepEqual([page.data.wrong, posts().length], ["请写明为什么要重新办理", 0]);
  page.type(typed("又发生了"));
  await page.reopen();
  assert.deepEqual(posts()[0].data, { note: "又发生了" });
  assert.equal(page.data.view.ticket.words, "法院正在办理");
});

test("why it is answered by that day: the law's article, or that it is the platform's own promise", () => {
  assert.equal(words.why({ basis: ["登记立案规定 13"], to_confirm: false }), "期限依据：登记立案规定 13。");
  assert.equal(words.why(detail()), "法律没有规定期限，这是本平台约定的答复时间。此项尚待法院确认。");
});

const DIMENSIONS = [{ key: "procedure", name: "程序规范" }, { key: "respect", name: "尊重律师执业权利" }];
const phase = (key, scores = {}, text = "") => ({ phase: key, phase_name: key, scores, text });

test("a rating wants every dimension, goes without a key, and can be changed", async () => {
  const view = { dimensions: DIMENSIONS, phases: [phase("filing", { procedure: 3, respect: 4 }, "好"), phase("trial")], open: true };
  serve((path, method) => (method === "GET" ? view : { statusCode: 204 }));
  const page = openPage("rating", { id: "c1" });
  await until(() => page.data.view);
  assert.deepEqual([page.data.phase, page.data.given], ["trial", false], "the latest phase first");
  page.score(tapped({ key: "procedure", stars: "5" }));
  await page.send();
  assert.deepEqual([page.data.problem, page.data.errors, posts().length], ["还有没打分的：尊重律师执业权利。", { respect: "请打分" }, 0]);
  page.type(typed("按时开庭"));

  const again = openPage("rating", { id: "c1" });
  await until(() => again.data.view);
  assert.deepEqual([again.data.rows[0].score, again.data.text], [5, "按时开庭"], "kept until sent");
  again.score(tapped({ key: "respect", stars: "4" }));
  await again.send();
  assert.deepEqual(posts()[0].data, { phase: "trial", scores: { procedure: 5, respect: 4 }, text: "按时开庭" });
  assert.equal(posts()[0].key, undefined, "no key ties the lawyer to his rating");
  assert.deepEqual([again.data.done, again.data.given, words.draft("rating c1 trial")], [true, true, null]);
  again.choosePhase(tapped({ key: "filing" }));
  assert.deepEqual([again.data.rows[1].score, again.data.text, again.data.done], [4, "好", false]);
});

test("the system is rated without a case, and a failure loses nothing", async () => {
  let dead = true;
  serve((path, method) => {
    if (method === "GET") return { dimensions: DIMENSIONS, phases: [phase(null)], open: true };
    return dead ? { statusCode: 500, code: "x", title: "系统出现意外情况。" } : { statusCode: 204 };
  });
  const page = openPage("rating", {});
  await until(() => page.data.view);
  for (const { key } of DIMENSIONS) page.score(tapped({ key, stars: "2" }));
  await page.send();
  assert.match(page.data.problem, /您的打分和文字还在/);
  dead = false;
  await page.send();
  assert.deepEqual(posts().at(-1), { path: "/system-rating", method: "POST", data: { scores: { procedure: 2, respect: 2 } }, key: undefined });
  assert.ok(page.data.done);
});

test("a case that is not accepted yet has nothing to rate", async () => {
  serve(() => ({ dimensions: DIMENSIONS, phases: [], open: true }));
  const page = openPage("rating", { id: "c1" });
  await until(() => page.data.view);
  assert.deepEqual([page.data.rows, page.data.problem], [[], ""]);
});

test("a suggestion goes to the platform or to a court, and stands in the list", async () => {
  const made = { id: "s1", number: "22222220", text: "字再大些", state_name: "已收到" };
  serve((path, method) => (method === "GET" ? { items: [] } : made));
  const page = openPage("suggest");
  await until(() => page.data.loaded);
  page.choose(tapped({ key: "access" }));
  page.address(tapped({ key: "court" }));
  page.type(typed("字再大些好认"));
  await page.send();
  assert.deepEqual([page.data.errors, posts().length], [{ court: "请查找并点选法院" }, 0]);
  page.address(tapped({ key: "platform" }));
  await page.send();
  assert.deepEqual(posts()[0].data, { area: "access", text: "字再大些好认", court_code: null });
  assert.deepEqual([page.data.sent, page.data.items.length, page.data.text], ["建议已收到，编号 22222220。", 1, ""]);
});
