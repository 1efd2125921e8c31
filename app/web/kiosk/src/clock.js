/**
 * Server-corrected time. The wall clock of a kiosk is not believed: after a synchronisation the
 * steady clock counts on, and a wall clock that jumps against it means somebody changed the time
 * or the machine slept. Until the next synchronisation offline answers are then refused.
 */

const MAX_JUMP_MS = 60_000;
const MAX_ROUND_TRIP_MS = 5_000;

export class Clock {
  #base = null;
  #jumped = false;

  constructor({ wall = () => Date.now(), steady = () => performance.now() } = {}) {
    this.wall = wall;
    this.steady = steady;
  }

  /** Take over the server's time; `sent` is the steady time at which the request left. */
  synchronise(serverMs, sent) {
    const got = this.steady();
    if (!Number.isFinite(serverMs) || got - sent > MAX_ROUND_TRIP_MS) return;
    this.#base = { server: serverMs + (got - sent) / 2, steady: got, wall: this.wall() };
    this.#jumped = false;
  }

  /** Go on with what an earlier run of the page saved, unless the wall clock went back since. */
  restore(saved) {
    if (!saved || this.#base) return;
    const wall = this.wall();
    this.#base = { server: wall + saved.offset, steady: this.steady(), wall };
    this.#jumped = wall < saved.wall - MAX_JUMP_MS;
  }

  /** What to keep for `restore`; null while nothing trustworthy is known. */
  snapshot() {
    if (!this.synchronised) return null;
    return { offset: this.nowMs() - this.wall(), wall: this.wall() };
  }

  get synchronised() {
    if (this.#base === null) return false;
    const { wall, steady } = this.#base;
    const drift = this.wall() - wall - (this.steady() - steady);
    // Remembered, so that setting the time back does not restore trust.
    if (Math.abs(drift) > MAX_JUMP_MS) this.#jumped = true;
    return !this.#jumped;
  }

  /** Unix milliseconds, server-corrected as far as known. */
  nowMs() {
    if (this.#base === null) return this.wall();
    return this.#base.server + this.steady() - this.#base.steady;
  }

  /** Unix seconds. */
  now() {
    return Math.floor(this.nowMs() / 1000);
  }
}
