/** 通行用途 in the lawyer's words: days and hours as they are chosen, passes as they are read. */
"use strict";

const deadlineWords = require("./deadline_words");
const format = require("./format");

const NEAR = ["今天", "明天", "后天"];
const DAY = 86_400_000;
const GENERAL = "一般通行";

/** The day `after` days later; days are "2026-11-25". */
const later = (iso, after) => new Date(Date.parse(`${iso}T00:00:00Z`) + after * DAY).toISOString().slice(0, 10);

const nearDays = (today) => NEAR.map((name, after) => ({ iso: later(today, after), name }));

/** 14:30 from 1430, 14：30, 14点30, 9:00 …; "" when it is no time. */
function hour(text) {
  const found = /^\s*(\d{1,2})\s*(?:[:：点时.]\s*(\d{1,2})?|(\d{2}))?\s*分?\s*$/.exec(text);
  if (!found) return "";
  const [hours, minutes] = [Number(found[1]), Number(found[2] || found[3] || 0)];
  if (hours > 23 || minutes > 59) return "";
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

const dayName = (iso, today) => nearDays(today).find((near) => near.iso === iso)?.name || deadlineWords.inWords(iso).replace(/^\d+年/, "");

/** A pass with its words. */
function dress(pass, today) {
  const time = pass.hearing_at ? ` ${format.hourMinute(pass.hearing_at)}` : "";
  return { ...pass, what: `${pass.purpose_label}${time}`, when: dayName(pass.day, today) };
}

/** One line for 亮证: what holds today, and that there is more. */
function summary(items, today) {
  const now = items.filter(({ day }) => day === today).map((item) => dress(item, today));
  if (!now.length) return GENERAL;
  const more = now.length > 1 ? ` 等${now.length}项` : "";
  return `${now[0].what}${more}`;
}

module.exports = { GENERAL, nearDays, later, hour, dress, summary };
