/**
 * 回执: the consent record (ISO/IEC TS 27560) as rows a lawyer can read. What has no row here is
 * still in the signed text, which can be copied whole.
 */
"use strict";

const format = require("./format");

const TIME = /^\d{4}-\d\d-\d\dT/;

const LABELS = {
  record_id: "回执编号",
  schema_version: "回执格式",
  consent_text_sha256: "同意文字的摘要",
  device_key: "签名的设备密钥",
};

const isPlain = (value) => ["string", "number"].includes(typeof value);

function worded(value) {
  if (typeof value === "string" && TIME.test(value)) return `${format.date(value)} ${format.clock(value)}`;
  return String(value);
}

/** [{label, value}], in the order of the record. */
function rows(record) {
  const found = [];
  const walk = (part) => {
    for (const [name, value] of Object.entries(part || {})) {
      if (value && typeof value === "object") walk(value);
      else if (LABELS[name] && isPlain(value)) found.push({ label: LABELS[name], value: worded(value) });
    }
  };
  walk(record);
  return found;
}

module.exports = { rows };
