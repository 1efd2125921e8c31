/** Times as people in court read them: Beijing time, 24 hours. */
"use strict";

const BEIJING = 8 * 3600 * 1000;
const two = (value) => String(value).padStart(2, "0");

function parts(ms) {
  const d = new Date(ms + BEIJING);
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: two(d.getUTCHours()),
    minute: two(d.getUTCMinutes()),
    second: two(d.getUTCSeconds()),
  };
}

/** Accepts RFC 3339 or Unix milliseconds. */
const ms = (value) => (typeof value === "number" ? value : Date.parse(value));

function clock(value) {
  const p = parts(ms(value));
  return `${p.hour}:${p.minute}:${p.second}`;
}

function hourMinute(value) {
  const p = parts(ms(value));
  return `${p.hour}:${p.minute}`;
}

function date(value) {
  const p = parts(ms(value));
  return `${p.year}年${p.month}月${p.day}日`;
}

/** 2026-11-25 */
function isoDay(value) {
  const p = parts(ms(value));
  return `${p.year}-${two(p.month)}-${two(p.day)}`;
}

/** 今天 14:05 · 11月23日 14:05 · 2025年11月23日 14:05 */
function dayAndTime(value, now) {
  const [then, today] = [parts(ms(value)), parts(now)];
  const time = `${then.hour}:${then.minute}`;
  if (then.year !== today.year) return `${date(value)} ${time}`;
  if (then.month === today.month && then.day === today.day) return `今天 ${time}`;
  return `${then.month}月${then.day}日 ${time}`;
}

/** What is left until `until`, in whole seconds: 1:52; 0:00 when it is over. */
function remaining(until, now) {
  const left = Math.max(0, Math.ceil((ms(until) - now) / 1000));
  return `${Math.floor(left / 60)}:${two(left % 60)}`;
}

module.exports = { clock, hourMinute, date, isoDay, dayAndTime, remaining, ms };
