/** The hash chain over the pictures of one face check: none can be left out, added or swapped. */
"use strict";

const { sha256 } = require("./sha256");
const { base64url, concat, uint32, utf8 } = require("./bytes");

class FramesChain {
  constructor({ id, nonce }) {
    this.id = id;
    this.seq = 0;
    this.value = sha256(utf8(`lvz-frames:v1:${id}:${nonce}`));
  }

  /** frames: [{t: ms, shown: colour index or -1, bytes: JPEG}]. Answers the batch to send. */
  async seal(frames, sign) {
    let value = this.value;
    for (const { t, shown, bytes } of frames) {
      value = sha256(concat(value, sha256(bytes), uint32(t), Uint8Array.of(shown & 255)));
    }
    const chain = base64url(value);
    const signature = await sign(utf8(`lvz-frames:v1:${this.id}:${this.seq}:${chain}`));
    const batch = { seq: this.seq, chain, signature: base64url(signature) };
    this.value = value;
    this.seq += 1;
    return batch;
  }
}

module.exports = { FramesChain };
