/** Typing a short code (LVZ3) by keyboard or by the keys on the screen. */

const KEYS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ..."0189"];
const HANDLE = 16;

/** What was typed as the text of a code; null when it cannot be one. */
export function normalise(typed) {
  const text = typed.trim().toUpperCase();
  if (/^LVZ[12]:/.test(text)) return text;
  const plain = text.replace(/^LVZ3:/, "").replaceAll(/[\s-]/g, "");
  // Base32 has no 0, 1 or 8: in the handle they can only be misread letters.
  const handle = plain
    .slice(0, HANDLE)
    .replaceAll("0", "O")
    .replaceAll("1", "I")
    .replaceAll("8", "B");
  const digits = plain.slice(HANDLE);
  if (!/^[A-Z2-7]{16}$/.test(handle) || !/^[0-9]{8}$/.test(digits)) return null;
  return `LVZ3:${handle}-${digits}`;
}

export function buildKeypad(container, input) {
  const key = (label, act, wide = false) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: label });
    button.className = wide ? "button wide" : "button";
    button.addEventListener("click", act);
    container.append(button);
  };
  for (const letter of KEYS) key(letter, () => (input.value += letter));
  key("退格", () => (input.value = input.value.slice(0, -1)), true);
}
