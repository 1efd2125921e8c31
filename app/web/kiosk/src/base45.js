/** Strict base45 (RFC 9285): nothing is repaired, overflowing groups are refused. */

import { malformed } from "./refusal.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const VALUE = new Map(Array.from(ALPHABET, (char, index) => [char, index]));

function values(text) {
  return Array.from(text, (char) => {
    const value = VALUE.get(char);
    if (value === undefined) throw malformed("base45: character outside the alphabet");
    return value;
  });
}

/** @returns {Uint8Array} Throws a `Refusal` for anything an encoder would not have written. */
export function base45Decode(text) {
  const digits = values(text);
  if (digits.length % 3 === 1) throw malformed("base45: length");
  const out = [];
  for (let at = 0; at < digits.length; at += 3) {
    const [low, middle, high] = digits.slice(at, at + 3);
    const whole = high !== undefined;
    const group = low + 45 * middle + (whole ? 2025 * high : 0);
    if (group > (whole ? 0xffff : 0xff)) throw malformed("base45: group too large");
    if (whole) out.push(group >> 8);
    out.push(group & 0xff);
  }
  return Uint8Array.from(out);
}
