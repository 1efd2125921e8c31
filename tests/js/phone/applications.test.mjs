// 向法院申请 and 代理手续: what is typed, what is sent, what is kept, what is said.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { installWx, openPage, util } from "./wechat.mjs";

const words = util("application_words");

const KIND = {
  kind: "preservation",
  label: "申请保全",
  basis: ["民诉法 103", "财产保全规定 4"],
  power: null,
  power_name: null,
  reconsideration: true,
  fields: [
    { name: "what", label: "保全类型", hint: "", type: "choice", required: true, choices: { property: "财产保全", act: "行为保全" } },
    { name: "amount_fen", label: "保全金额", hint: "", type: "money", required: false, choices: null },
    { name: "urgent", label: "情况紧急", hint: "", type: "flag", required: true, choices: null },
    { name: "reason", label: "事实和理由", hint: "", type: "text", required: true, choices: null },
  ],
};
const MINE = {
  id: "a1", case_id: "c1", kind: "preservation", label: "申请保全", fields: {}, papers: [], state: "refused", state_name: "不予准许",
  submitted_at: "2026-11-20T01:00:00Z", steps: [{ at: "2026-11-21T01:00:00Z", by: "朝阳法院", state: "refused", state_name: "不予准许", words: "未提供担保" }],
};

let wx;
let asked;
let answers;
beforeEach(() => {
  wx = installWx();
  asked = [];
  answers = { "/application-kinds": { items: [KIND] }, "/applications": { items: [] }, "/representations": { items: [] } };
  wx.request = ({ url, method, data, success }) => {
    asked.push({ url, method, data });
    const found = Object.entries(answers).find(([end]) => url.endsWith(end));
    const { statusCode = 200, ...body } = found ? found[1] : {};
    setImmediate(() => success({ statusCode, data: body }));
  };
  wx.showModal = ({ success }) => success({ confirm: true });
});
const typed = (value) => ({ detail: { value } });
const at = (dataset, value) => ({ currentTarget: { dataset }, detail: { value } });

async function opened(name = "apply") {
  const page = openPage(name, { id: "c1" });
  for (let n = 0; n < 300 && !page.data.ready; n += 1) await new Promise((done) => setTimeout(done, 10));
  return page;
}

test("a form is drawn from its kind and sent as the server takes it", async () => {
  const page = await opened();
  page.choose(at({ kind: "preservation" }));
  assert.deepEqual(page.data.rows.map((row) => row.label), ["保全类型", "保全金额（元）", "情况紧急", "事实和理由"]);
  page.pick(at({ field: "what", key: "property" }));
  page.type(at({ field: "amount_fen" }, "100,000.5"));
  page.tick(at({ field: "urgent" }, ["yes"]));
  page.type(at({ field: "reason" }, "对方转移财产"));
  answers["/applications"] = { statusCode: 201, items: [], ...MINE };
  await page.submit();
  const sent = asked.find(({ method }) => method === "POST");
  assert.deepEqual(sent.data, {
    kind: "preservation",
    fields: { what: "property", amount_fen: 10000050, urgent: true, reason: "对方转移财产" },
    material_ids: [],
  });
  assert.match(page.data.good, /申请保全已提交/);
  assert.equal(page.data.kind, null);
});

test("what was typed outlives the page until the court has it, and errors stand beside fields", async () => {
  let page = await opened();
  page.choose(at({ kind: "preservation" }));
  page.type(at({ field: "reason" }, "写了一半"));
  page = await opened();
  page.choose(at({ kind: "preservation" }));
  assert.equal(page.data.rows[3].value, "写了一半");
  answers["/applications"] = {
    statusCode: 422, code: "applications.invalid", title: "申请填写有误，请按提示修改。", errors: [{ field: "what", message: "请填写保全类型。" }],
  };
  await page.submit();
  assert.equal(page.data.rows[0].error, "请填写保全类型。");
  assert.equal(page.data.rows[3].value, "写了一半");
  answers["/applications"] = { statusCode: 409, code: "applications.late", title: "已超过法律规定的申请期限。", sentence: "本案举证期限已于2026年11月20日届满。" };
  await page.submit();
  assert.match(page.data.problem, /2026年11月20日/);
});

test("what may be done follows the state", () => {
  const may = (state, reconsideration = true) => words.moves({ state }, { reconsideration });
  assert.deepEqual(may("submitted"), { withdraw: true, security: false, reconsider: false });
  assert.deepEqual(may("security_demanded"), { withdraw: true, security: true, reconsider: false });
  assert.deepEqual(may("refused"), { withdraw: false, security: false, reconsider: true });
  assert.equal(may("refused", false).reconsider, false);
  assert.deepEqual(may("upheld"), { withdraw: false, security: false, reconsider: false });
});

test("reconsideration is asked for with its reasons", async () => {
  answers["/applications"] = { items: [MINE] };
  const page = await opened();
  assert.equal(page.data.problem, "");
  assert.equal(page.data.mine[0].may.reconsider, true);
  page.say(at({ id: "a1", doing: "reconsider" }));
  await page.send();
  assert.match(page.data.problem, /至少两个字/);
  page.tell(typed("担保已经提供"));
  await page.send();
  const sent = asked.find(({ method }) => method === "POST");
  assert.match(sent.url, /\/applications\/a1\/reconsider$/);
  assert.deepEqual(sent.data, { words: "担保已经提供" });
  assert.equal(page.data.saying, null);
});

test("a representation is sent only when it is whole, and says what is missing", async () => {
  const page = await opened("represent");
  const problems = [];
  const tried = async () => (await page.submit(), problems.push(page.data.problem));
  await tried();
  page.chooseCourt(at({ code: "110105", name: "北京市朝阳区人民法院" }));
  await tried();
  page.type(at({ field: "number" }, "（2026）京0105民初1号"));
  await tried();
  page.type(at({ field: "party" }, "王小乙"));
  page.chooseAuthority(at({ key: "special" }));
  await tried();
  page.choosePowers(at({}, ["settle"]));
  await tried();
  assert.deepEqual(problems.map((problem) => problem.slice(0, 6)), ["请先查找并选", "请填写案号，", "请填写您代理", "特别授权须写", "请上传授权委"]);
  assert.ok(!asked.some(({ method }) => method === "POST"));
  page.setData({ files: [{ id: "m1", kind: "power_of_attorney" }, { id: "m2", kind: "firm_letter" }] });
  await page.submit();
  assert.deepEqual(asked.find(({ method }) => method === "POST").data, {
    court_code: "110105", case_number: "（2026）京0105民初1号", party_name: "王小乙", authority: "special", powers: ["settle"], material_ids: ["m1", "m2"],
  });
  assert.match(page.data.good, /法院核实后会通知您/);
});
