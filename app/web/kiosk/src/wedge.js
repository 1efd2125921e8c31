/** A scanner that types (键盘模式扫码枪): fast bursts of keys, ended by Enter. */

// A busy machine delivers some keys of a burst late.
const GAP_MS = 500;
const LEAST = 8;
const ALLOWED = /^[0-9A-Za-z $%*+\-./:]$/;
const SHIFTED = { Digit4: "$", Digit5: "%", Digit8: "*", Equal: "+", Semicolon: ":" };
const PLAIN = { Minus: "-", Period: ".", Slash: "/", Space: " " };

/** The character of a key; from its place on the keyboard while an input method swallows keys. */
export function characterOf({ key, code = "", shiftKey = false }) {
  if (ALLOWED.test(key)) return key.toUpperCase();
  if (key !== "Process") return null;
  if (shiftKey && code in SHIFTED) return SHIFTED[code];
  return PLAIN[code] ?? /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code)?.slice(1).find(Boolean) ?? null;
}

export class Wedge {
  #text = "";
  #last = -Infinity;

  constructor(onText) {
    this.onText = onText;
  }

  /** Feed a keydown; true when it belongs to a burst and must do nothing else. */
  key(event, now) {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    if (now - this.#last > GAP_MS) this.#text = "";
    this.#last = now;
    if (event.key === "Enter") return this.#finish();
    const character = characterOf(event);
    if (character === null) return event.key === "Shift" && this.#text.length > 2;
    this.#text += character;
    return this.#text.length > 2;
  }

  #finish() {
    const text = this.#text.trim();
    this.#text = "";
    if (text.length < LEAST) return false;
    this.onText(text);
    return true;
  }
}
