/**
 * A QR code as a PNG data URL: one bit a pixel, 4 modules of quiet zone, and the size at which
 * each module covers whole pixels.
 *
 * Written here because an image source works on every base library, where a canvas needs a
 * round trip to the view layer; stored (not deflated) so that a tick costs well under 5 ms.
 */
"use strict";

const encodeQR = require("qr").default;
const { base64, concat, uint32, utf8 } = require("./bytes");

const QUIET = 4;
const PIXELS = 2; // a module in the file; the page enlarges it without smoothing
const MAX_STORED = 65_535;

const CRC = Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let k = 0; k < 8; k += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function adler32(bytes) {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

function zlibStored(bytes) {
  const parts = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at < bytes.length; at += MAX_STORED) {
    const part = bytes.subarray(at, at + MAX_STORED);
    const size = part.length;
    const last = at + MAX_STORED >= bytes.length ? 1 : 0;
    parts.push(Uint8Array.of(last, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255), part);
  }
  return concat(...parts, uint32(adler32(bytes)));
}

function chunk(name, data) {
  const body = concat(utf8(name), data);
  return concat(uint32(data.length), body, uint32(crc32(body)));
}

/** Rows of black (true) and white → PNG bytes, `scale` pixels a module. */
function png(matrix, scale) {
  const side = matrix.length * scale;
  const stride = 1 + Math.ceil(side / 8);
  const raw = new Uint8Array(stride * side);
  matrix.forEach((row, y) => {
    const line = new Uint8Array(stride).fill(255, 1);
    for (let x = 0; x < side; x += 1) {
      if (row[Math.floor(x / scale)]) line[1 + (x >> 3)] &= ~(0x80 >> (x & 7));
    }
    for (let i = 0; i < scale; i += 1) raw.set(line, (y * scale + i) * stride);
  });
  const header = concat(uint32(side), uint32(side), Uint8Array.of(1, 0, 0, 0, 0));
  return concat(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("IDAT", zlibStored(raw)),
    chunk("IEND", new Uint8Array(0)),
  );
}

/** room: pixels available. Answers {src, side}: side is a whole multiple of the module count. */
function draw(text, room) {
  const matrix = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  const scale = Math.max(1, Math.floor(room / matrix.length));
  return {
    src: `data:image/png;base64,${base64(png(matrix, PIXELS))}`,
    side: matrix.length * scale,
    modules: matrix.length - 2 * QUIET,
  };
}

module.exports = { draw, png };
