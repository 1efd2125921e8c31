/**
 * One face check (活体检测) from its first picture to its verdict: batches, chain, polling, flash.
 *
 * Knows no page: `show(view)` gets what changed. `send` and `poll` are the two calls of the
 * interface, so that a test can drive the whole run.
 */
"use strict";

const { FramesChain } = require("./frames_chain");

const BATCH = 5;
const BACKLOG = 8; // the interface takes at most 8 pictures at once; older ones are let go
const POLL = 300;
const QUIET = 250; // a pause after a colour run before its pictures are judged
const FLASH_PATIENCE = 4_000;
const FAILURES_ALLOWED = 8;
const ENDED = ["passed", "failed", "expired"];

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

class LivenessRunner {
  /**
   * session: Liveness as the interface opened it; sign: bytes → 64 bytes; now: ms, monotonic;
   * paint(colour or ""): promise that is kept once the colour is on the screen;
   * announce(): promise, says beforehand that the screen is going to change colour.
   */
  constructor({ session, sign, send, poll, now, show, paint, announce }) {
    Object.assign(this, { session, sign, send, poll, now, show, paint, announce });
    this.chain = new FramesChain({ id: session.id, nonce: session.nonce });
    this.queue = [];
    this.shown = -1;
    this.stepNo = 0;
    this.stepSince = now();
    this.failures = 0;
    this.running = false;
  }

  get ended() {
    return ENDED.includes(this.session.state);
  }

  /** ms since the present step was first seen here. */
  get elapsed() {
    return Math.round(this.now() - this.stepSince);
  }

  /** A picture from the camera: {t, base64, bytes}. */
  take(frame) {
    if (!this.running || this.session.state !== "collecting") return;
    this.queue.push({ ...frame, shown: this.shown });
    if (this.queue.length > BACKLOG) this.queue.shift();
  }

  /** Runs until a verdict; answers the last session. Throws an ApiError that repeating cannot heal. */
  async run() {
    this.running = true;
    this.accept(this.session);
    while (this.running && !this.ended) {
      await this.turn();
    }
    this.running = false;
    await this.paint("");
    return this.session;
  }

  stop() {
    this.running = false;
  }

  async turn() {
    try {
      if (this.session.state === "collecting" && this.queue.length >= BATCH) {
        await this.sendBatch();
      } else {
        await wait(this.session.state === "collecting" ? 40 : POLL);
        await this.pollWhenQuiet();
      }
      this.failures = 0;
    } catch (error) {
      await this.endure(error);
    }
  }

  async pollWhenQuiet() {
    if (this.now() - (this.heard || 0) < POLL) return;
    this.accept(await this.poll(this.session.id));
  }

  /** A sealed batch is sent again unchanged until it arrives: the chain has no gaps. */
  async sendBatch() {
    if (!this.sealed) {
      const frames = this.queue.splice(0, BACKLOG);
      const batch = await this.chain.seal(frames, this.sign);
      const wire = frames.map(({ t, shown, base64 }) => ({ t, shown, jpeg: base64 }));
      this.sealed = { ...batch, frames: wire };
    }
    let session;
    try {
      session = await this.send(this.session.id, this.sealed);
    } catch (error) {
      // It had arrived after all, only its answer was lost.
      if (error.extra?.expected !== this.sealed.seq + 1) throw error;
      session = await this.poll(this.session.id);
    }
    this.sealed = null;
    this.accept(session);
  }

  async endure(error) {
    if (error.status >= 400 && error.status < 500 && error.status !== 429) {
      this.accept(await this.poll(this.session.id)); // the verdict may have come meanwhile
      if (this.ended) return;
      throw error;
    }
    this.failures += 1;
    if (this.failures > FAILURES_ALLOWED) throw error;
    this.show({ offline: true });
    await wait(500);
  }

  accept(session) {
    this.heard = this.now();
    if (this.ended) return;
    this.session = session;
    const step = session.step;
    if (step && step.no !== this.stepNo) this.enter(step);
    this.show({ session, offline: false });
  }

  enter(step) {
    this.stepNo = step.no;
    this.stepSince = this.now();
    if (step.kind === "flash") this.flash(step);
  }

  /** Show the colours; once more when the check is still waiting for them. */
  async flash(step) {
    const active = () => this.running && this.stepNo === step.no && !this.ended;
    await this.announce();
    while (active()) {
      this.stepSince = this.now();
      for (let i = 0; i < step.colours.length && active(); i += 1) {
        await this.paint(step.colours[i]);
        this.shown = i;
        await wait(step.colour_ms);
      }
      await wait(QUIET);
      this.shown = -1;
      await this.paint("");
      const since = this.now();
      while (active() && this.session.state === "collecting" && this.now() - since < FLASH_PATIENCE)
        await wait(100);
      if (this.session.state !== "collecting") return;
    }
  }
}

module.exports = { LivenessRunner };
