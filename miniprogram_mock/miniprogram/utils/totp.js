/** The digits of LVZ3 (数字码): RFC 6238 with SHA-256. */
"use strict";

const { hmacSha256 } = require("./sha256");

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function fromBase32(text) {
  const clean = text.replace(/=+$/, "").toUpperCase();
  const out = new Uint8Array(Math.floor((clean.length * 5) / 8));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const char of clean) {
    const value = BASE32.indexOf(char);
    if (value < 0) throw new Error("base32: character");
    word = ((word << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (word >> bits) & 255;
    }
  }
  return out;
}

/** Digits of one time step (RFC 4226 §5.3, dynamic truncation). */
function hotp(seed, counter, digits) {
  const message = new Uint8Array(8);
  let rest = counter;
  for (let i = 7; i >= 0; i -= 1) {
    message[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  const mac = hmacSha256(seed, message);
  const at = mac[mac.length - 1] & 15;
  const value =
    (mac[at] & 127) * 0x1000000 + ((mac[at + 1] << 16) | (mac[at + 2] << 8) | mac[at + 3]);
  return String(value % 10 ** digits).padStart(digits, "0");
}

/** seed: base32; at: Unix seconds. */
function totp(seed, at, { digits = 8, interval = 15 } = {}) {
  return hotp(fromBase32(seed), Math.floor(at / interval), digits);
}

module.exports = { totp, hotp, fromBase32 };
