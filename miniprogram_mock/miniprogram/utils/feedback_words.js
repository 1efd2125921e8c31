/** 投诉、建议与评价 in the lawyer's words, and what he has written and not yet sent. */
"use strict";

const clock = require("./clock");
const format = require("./format");
const store = require("./store");
const { inWords } = require("./deadline_words");

const KINDS = [
  { key: "filing", name: "立案问题", hint: "不收材料、不当场答复、拖着不立案等" },
  { key: "judge_contact", name: "联系不上法官", hint: "电话无人接、留言不回" },
  { key: "attitude", name: "服务态度", hint: "法官、书记员、窗口或安检的态度" },
  { key: "pass", name: "通行被拒", hint: "出示了律证仍不让进、仍要重复安检等" },
  { key: "casefile", name: "阅卷问题", hint: "不让阅卷、拖延、材料不全" },
  { key: "system", name: "系统故障", hint: "本平台打不开、出错、收不到通知" },
  { key: "other", name: "其他", hint: "以上都不是的" },
];
const AREAS = [
  { key: "system", name: "平台使用" },
  { key: "filing", name: "立案" },
  { key: "hearing", name: "开庭与排期" },
  { key: "service", name: "送达与阅卷" },
  { key: "hall", name: "大厅与通行" },
  { key: "access", name: "适老化与无障碍" },
  { key: "other", name: "其他" },
];
const STATES = {
  received: "已受理，等待法院交办",
  handling: "法院正在办理",
  replied: "已答复，请您看看是否满意",
  closed: "已办结",
};
const PROMISE = "平台服务约定";

/** Drafts: one for each thing that is being written; `name` tells them apart. */
const draft = (name) => (store.read("feedback") || {})[name] || null;
const keep = (name, value) => store.write("feedback", { ...store.read("feedback"), [name]: value });
function drop(name) {
  const { [name]: _sent, ...others } = store.read("feedback") || {};
  store.write("feedback", others);
}

/** A complaint in the list. */
function line(ticket) {
  const open = ticket.state === "received" || ticket.state === "handling";
  return {
    ...ticket,
    words: STATES[ticket.state] || ticket.state_name,
    tone: ticket.state === "replied" ? "good" : "",
    open,
    filed: format.dayAndTime(ticket.filed_at, clock.now()),
    due: inWords(ticket.due_on),
  };
}

/** Why it is answered by that day. */
function why({ basis, to_confirm: unsure }) {
  const named = basis.filter((each) => each !== PROMISE).join("、");
  return `${named ? `期限依据：${named}。` : "法律没有规定期限，这是本平台约定的答复时间。"}${unsure ? "此项尚待法院确认。" : ""}`;
}

const AFTER_DISSATISFIED = {
  officer: "将交庭长督办，换人重新答复。",
  division: "将交院长督办，换人重新答复。",
  president: "这是院长督办后的答复，提交后本件办结。",
};

/** An opened complaint. */
function opened(view) {
  const replies = view.steps.filter(({ kind }) => kind === "replied");
  const dress = (step, index) => ({ ...step, no: index, when: format.dayAndTime(step.at, clock.now()) });
  return {
    ...view,
    ticket: line(view.ticket),
    why: why(view),
    steps: view.steps.map(dress),
    reply: replies.length ? dress(replies[replies.length - 1], 0) : null,
    next: AFTER_DISSATISFIED[view.ticket.level],
  };
}

/** What the server said is wrong, by the name of the field; {} when it names none. */
function fieldErrors(error) {
  const { errors = [], field, message } = error.extra || {};
  const named = Object.fromEntries(errors.map((one) => [one.field, one.message]));
  return field && message ? { ...named, [field]: message } : named;
}

module.exports = { KINDS, AREAS, draft, keep, drop, line, opened, why, fieldErrors };
