/** Bytes to text and back. The mini-program's base library has neither TextEncoder nor btoa. */
"use strict";

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = STANDARD.replace("+/", "-_");

function concat(...parts) {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function utf8(text) {
  const out = [];
  for (const char of text) {
    const code = char.codePointAt(0);
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000)
      out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      out.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return Uint8Array.from(out);
}

function encode(bytes, alphabet, padding) {
  const out = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
    out.push(
      alphabet[word >> 18],
      alphabet[(word >> 12) & 63],
      left > 1 ? alphabet[(word >> 6) & 63] : padding,
      left > 2 ? alphabet[word & 63] : padding,
    );
  }
  return out.join("");
}

/** RFC 4648 §4, with padding. */
const base64 = (bytes) => encode(bytes, STANDARD, "=");
/** RFC 4648 §5, without padding. */
const base64url = (bytes) => encode(bytes, URL_SAFE, "");

/** Reads base64 or base64url, padded or not. Throws on any other character or length. */
function fromBase64(text) {
  const clean = text.replace(/=+$/, "");
  if (clean.length % 4 === 1) throw new Error("base64: length");
  const out = new Uint8Array(Math.floor((clean.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const char of clean) {
    const value = char === "-" ? 62 : char === "_" ? 63 : STANDARD.indexOf(char);
    if (value < 0) throw new Error("base64: character");
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (word >> bits) & 255;
    }
  }
  return out;
}

function uint32(value) {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

module.exports = { concat, utf8, base64, base64url, fromBase64, uint32 };
