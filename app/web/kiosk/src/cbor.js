/**
 * Deterministic CBOR (RFC 8949 section 4.2.1), reading only what the protocol writes: integers,
 * byte and text strings, booleans, arrays and maps. No tags, floats, null, indefinite lengths,
 * wide heads, duplicate or unsorted keys: every value has exactly one encoding.
 */

import { malformed } from "./refusal.js";

const MAX_DEPTH = 8;
const LEAST = { 24: 24n, 25: 0x100n, 26: 0x1_0000n, 27: 0x1_0000_0000n };

/** Walks over bytes; every read either fits the data or throws a `Refusal`. */
export class Reader {
  constructor(data, position = 0) {
    this.data = data;
    this.position = position;
  }

  get atEnd() {
    return this.position === this.data.length;
  }

  peek() {
    return this.data[this.position];
  }

  take(size) {
    const end = this.position + size;
    if (end > this.data.length) throw malformed("truncated");
    const part = this.data.subarray(this.position, end);
    this.position = end;
    return part;
  }

  startsWith(piece) {
    return piece.every((byte, index) => this.data[this.position + index] === byte);
  }

  expect(piece) {
    if (!this.startsWith(piece)) throw malformed("not the layout of this message");
    this.position += piece.length;
  }

  /** The argument of a head of the given major type; a BigInt above 2^53. */
  head(major) {
    const lead = this.take(1)[0];
    const info = lead - (major << 5);
    if (info >= 0 && info < 24) return info;
    if (!(info in LEAST)) throw malformed("CBOR head: type or length");
    const value = this.take(1 << (info - 24)).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    if (value < LEAST[info]) throw malformed("CBOR head: wider than needed");
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  length(major) {
    const size = this.head(major);
    if (typeof size !== "number" || size > this.data.length) throw malformed("CBOR: length");
    return size;
  }

  bytes() {
    return this.take(this.length(2));
  }

  text() {
    const raw = this.take(this.length(3));
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
    } catch {
      throw malformed("CBOR text: not UTF-8");
    }
  }
}

/** Decode one value that fills `data` exactly; maps become `Map`s. */
export function decode(data) {
  const reader = new Reader(data);
  const value = readValue(reader, MAX_DEPTH);
  if (!reader.atEnd) throw malformed("CBOR: trailing bytes");
  return value;
}

function readValue(reader, depth) {
  const lead = reader.peek();
  if (lead === undefined) throw malformed("CBOR: truncated");
  if (lead === 0xf4 || lead === 0xf5) return reader.take(1)[0] === 0xf5;
  const major = lead >> 5;
  if (major === 0) return reader.head(0);
  if (major === 1) return negative(reader.head(1));
  if (major === 2) return reader.bytes();
  if (major === 3) return reader.text();
  if (major > 5 || depth === 0) throw malformed("CBOR: type or depth outside this protocol");
  return major === 4 ? readArray(reader, depth - 1) : readMap(reader, depth - 1);
}

const negative = (value) => (typeof value === "bigint" ? -1n - value : -1 - value);

function readArray(reader, depth) {
  const count = reader.length(4);
  return Array.from({ length: count }, () => readValue(reader, depth));
}

function readMap(reader, depth) {
  const count = reader.length(5);
  const items = new Map();
  let previous = new Uint8Array();
  for (let index = 0; index < count; index += 1) {
    const start = reader.position;
    const key = readValue(reader, 0);
    const encoded = reader.data.subarray(start, reader.position);
    // Strictly ascending encodings exclude duplicates and a second order at once.
    if (typeof key === "boolean" || key instanceof Uint8Array || !ascends(previous, encoded)) {
      throw malformed("CBOR map: key order or type");
    }
    previous = encoded;
    items.set(key, readValue(reader, depth));
  }
  return items;
}

function ascends(one, other) {
  const size = Math.min(one.length, other.length);
  for (let at = 0; at < size; at += 1) {
    if (one[at] !== other[at]) return one[at] < other[at];
  }
  return one.length < other.length;
}
