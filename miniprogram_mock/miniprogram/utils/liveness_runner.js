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
const PICTURES = 3; // of each colour
const LONGEST = 3; // times the colour's own time
const QUIET = 120; // ms the last colour stands longer: the camera is a frame or two behind
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
    this.colour = null; // what stands on the screen: {index, period, since, pictures}
    this.paints = []; // [{time, shown}], newest first
    this.stepNo = 0;
    this.stepSince = now();
    this.failures = 0;
    this.running = false;
  }

  get ended() {
    return ENDED.includes(this.session.state);
  }

  /** ms since the present step was first seen here; in a run of colours, ms into that run. */
  get elapsed() {
    if (!this.colour) return Math.round(this.now() - this.stepSince);
    const { index, period, since } = this.colour;
    return index * period + Math.min(period - 1, Math.round(this.now() - since));
  }

  /** A picture from the camera: {t, base64, bytes}. */
  take(frame) {
    if (!this.running || this.session.state !== "collecting") return;
    const shown = this.shownAt(frame.t);
    if (this.colour && this.colour.index === shown) this.colour.pictures += 1;
    this.queue.push({ ...frame, shown });
    if (this.queue.length > BACKLOG) this.queue.shift();
  }

  /** Which colour stood on the screen when a picture was taken. */
  shownAt(time) {
    const painted = this.paints.find((paint) => paint.time <= time);
    return painted ? painted.shown : -1;
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
      await this.showColours(step, active);
      const since = this.now();
      while (active() && this.session.state === "collecting" && this.now() - since < FLASH_PATIENCE)
        await wait(100);
      if (this.session.state !== "collecting") return;
    }
  }

  /**
   * Each colour stands for its time and until a few pictures of it were taken: a phone that
   * films slowly shows the code slowly instead of losing parts of it.
   */
  async showColours({ colours, colour_ms: period }, active) {
    for (let i = 0; i < colours.length && active(); i += 1) {
      this.colour = { index: i, period, since: this.now(), pictures: 0 };
      await this.paint(colours[i]);
      this.paints.unshift({ time: this.now(), shown: i });
      await this.stand(active);
    }
    if (active()) await wait(QUIET);
    this.paints.unshift({ time: this.now(), shown: -1 });
    this.stepSince = this.now() - colours.length * period;
    this.colour = null;
    await this.paint("");
  }

  async stand(active) {
    const { period, since } = this.colour;
    const stood = () => this.now() - since;
    await wait(Math.max(0, period - stood()));
    while (active() && this.colour.pictures < PICTURES && stood() < LONGEST * period) await wait(20);
  }
}

module.exports = { LivenessRunner };
