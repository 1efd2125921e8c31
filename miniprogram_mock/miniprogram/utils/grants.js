/** 我的授权与确认: what was granted, read page by page, and how it is told. */
"use strict";

const api = require("./api");
const clock = require("./clock");
const format = require("./format");

const KINDS = { login: "登录", attributes: "身份信息授权", act: "执业行为确认", device: "终端核验" };
const ENDED = {
  lawyer: "您已撤回",
  relying_party: "对方已结束",
  replay: "发现异常，已终止",
  device_ended: "换设备时已终止",
  suspended: "该单位已被停用",
};
const PAGES = 5; // how far back one grant is looked for

let known = [];

/** What stands: {word, tone, when}. A confirmation stands for good; only what it lets be read ends. */
function standing(item, now) {
  const ended = item.ended_at && format.dayAndTime(item.ended_at, now);
  if (item.kind === "act" && item.ended_by !== "replay") return { word: "已确认", tone: "good", when: "" };
  if (ended) return { word: ENDED[item.ended_by] || "已结束", tone: "plain", when: ended };
  if (format.ms(item.expires_at) <= now) return { word: "已到期", tone: "plain", when: "" };
  return { word: "有效", tone: "good", when: "" };
}

/** A GrantItem with the words that both pages show. */
function dress(item) {
  const now = clock.now();
  return {
    ...item,
    kindName: item.act ? item.act.label : KINDS[item.kind] || KINDS.attributes,
    what: item.attributes.map(({ label }) => label).join("、"),
    since: format.dayAndTime(item.created_at, now),
    until: format.dayAndTime(item.expires_at, now),
    standing: standing(item, now),
    open: !item.ended_at && format.ms(item.expires_at) > now,
  };
}

/** {items, next}; before: null reads the newest. */
async function page(before) {
  const answer = await api.grants(before);
  known = before ? known.concat(answer.items) : answer.items;
  return { items: answer.items.map(dress), next: answer.next };
}

/** The grant that `test` picks, looked for from the newest on; null when it is not there. */
async function find(test) {
  const held = known.find(test);
  if (held) return dress(held);
  let before = null;
  for (let i = 0; i < PAGES; i += 1) {
    const { items, next } = await page(before);
    const found = items.find(test);
    if (found || !next) return found || null;
    before = next;
  }
  return null;
}

async function end(id) {
  await api.endGrant(id);
  known = [];
}

module.exports = { page, find, end };
