/**
 * 回执: the consent record (ISO/IEC TS 27560) as rows a lawyer can read. Who, what and why stand
 * above it on the page; here is what makes it a receipt. The whole is in the signed text.
 */
"use strict";

const format = require("./format");

const EVENTS = { consent_given: "同意", consent_withdrawn: "结束" };
const METHODS = { device_signature: "本机签名" };

const moment = (time) => `${format.date(time)} ${format.clock(time)}`;

function eventRow({ state, time, method }) {
  const how = METHODS[method] ? `（${METHODS[method]}）` : "";
  return { label: `${EVENTS[state] || state}时间`, value: `${moment(time)}${how}` };
}

/** [{label, value}] */
function rows({ record_id: id, issuer, events = [], valid_until: until, schema_version: form }) {
  const notice = events.find(({ notice_sha256: digest }) => digest)?.notice_sha256;
  return [
    { label: "回执编号", value: id },
    { label: "出具", value: issuer },
    ...events.map(eventRow),
    { label: "有效至", value: until && moment(until) },
    { label: "同意文字的摘要", value: notice },
    { label: "记录格式", value: form },
  ].filter(({ value }) => value);
}

module.exports = { rows };
