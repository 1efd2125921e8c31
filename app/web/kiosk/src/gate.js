/**
 * Which camera texts are a new question. The same picture stays before the camera for many
 * frames, and a phone that is not taken away shows a new code every five seconds.
 *
 * A text is asked once while it stays in view (again after `STILL_S`, so that a screenshot left
 * lying there is told off). An accepted lawyer is not asked again while his phone stays in view,
 * for at most `SAME_PERSON_S`, unless somebody dismissed the verdict by hand.
 */

const GONE_MS = 1_200;
const STILL_MS = 22_000;
const SAME_PERSON_MS = 30_000;

export class Gate {
  #text = null;
  #decidedAt = 0;
  #seenAt = -Infinity;
  #person = null;
  #personAt = -Infinity;

  /** @param {string|null} subject of the text; `now` in steady milliseconds. */
  isNew({ text, subject, now }) {
    if (text === null) return false;
    const stayed = now - this.#seenAt <= GONE_MS;
    this.#seenAt = now;
    if (!stayed) this.reset();
    if (text === this.#text && now - this.#decidedAt < STILL_MS) return false;
    if (subject && subject === this.#person && now - this.#personAt < SAME_PERSON_MS) return false;
    return true;
  }

  /** Remember that `text` was decided; `subject` only when it was accepted. */
  decided({ text, subject, now }) {
    this.#text = text;
    this.#decidedAt = now;
    this.#person = subject;
    this.#personAt = now;
  }

  /** The next code of the same lawyer counts again; this very picture does not. */
  dismiss() {
    this.#person = null;
  }

  reset() {
    this.#text = null;
    this.#person = null;
  }
}
