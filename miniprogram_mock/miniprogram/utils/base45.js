/** Base45 (RFC 9285): what a QR code's alphanumeric mode carries without loss. */
"use strict";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

function encode(bytes) {
  let out = "";
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const value = bytes[i] * 256 + bytes[i + 1];
    out +=
      ALPHABET[value % 45] + ALPHABET[Math.floor(value / 45) % 45] + ALPHABET[Math.floor(value / 2025)];
  }
  if (bytes.length % 2) {
    const value = bytes[bytes.length - 1];
    out += ALPHABET[value % 45] + ALPHABET[Math.floor(value / 45)];
  }
  return out;
}

/** Strict: throws on a foreign character, a dangling one, or a group above 65535 or 255. */
function decode(text) {
  if (text.length % 3 === 1) throw new Error("base45: length");
  const out = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3 ? 1 : 0));
  for (let i = 0, at = 0; i < text.length; i += 3) {
    const group = Array.from(text.slice(i, i + 3), (char) => ALPHABET.indexOf(char));
    if (group.includes(-1)) throw new Error("base45: character");
    const value = group[0] + group[1] * 45 + (group[2] || 0) * 2025;
    if (value > (group.length === 3 ? 0xffff : 0xff)) throw new Error("base45: overflow");
    if (group.length === 3) out[at++] = value >> 8;
    out[at++] = value & 255;
  }
  return out;
}

module.exports = { encode, decode };
