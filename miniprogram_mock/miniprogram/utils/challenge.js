/** 终端挑战码: what a kiosk shows so that the code is made for it alone. */
"use strict";

const { fromBase64 } = require("./bytes");

const SHAPE = /^LVZK:([\x21-\x39\x3b-\x7e]{1,64}):([A-Za-z0-9_-]{11})?:([12])$/;

/** `LVZK:<audience>:<nonce or empty>:<form>` → {audience, nonce, form}; null when it is not one. */
function parse(text) {
  const found = SHAPE.exec(text);
  if (!found) return null;
  return { audience: found[1], nonce: found[2] ? fromBase64(found[2]) : null, form: Number(found[3]) };
}

module.exports = { parse };
