/** What this kiosk accepted within the last minute, by (cti, iat). */

const REMEMBERED = 60;

export class Replay {
  #seen = new Map();

  /** True the first time. `at` in Unix seconds. */
  admit(key, at) {
    for (const [old, when] of this.#seen) {
      if (at - when > REMEMBERED) this.#seen.delete(old);
    }
    if (this.#seen.has(key)) return false;
    this.#seen.set(key, at);
    return true;
  }
}
