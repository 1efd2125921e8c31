/** The browser's events as the mini-program's: a click is a tap, also from the keyboard. */
import { glassEasel } from "glass-easel-miniprogram-adapter";

/** Fire `name` at the mini-program node that `target` belongs to. */
export function fire(target, name, detail, options = {}) {
  let element = target;
  while (element && !element.__wxElement) element = element.parentElement;
  if (element) glassEasel.triggerEvent(element.__wxElement, name, detail, options);
}

function onChange(event) {
  const { target } = event;
  if (target.getAttribute("lvz-kind") === "switch") return fire(target, "change", { value: target.checked });
  if (target.getAttribute("lvz-kind") !== "checkbox") return undefined;
  const group = target.closest('[lvz-kind="checkbox-group"]');
  const ticked = [...group.querySelectorAll('[lvz-kind="checkbox"]:checked')];
  return fire(group, "change", { value: ticked.map((box) => box.value) });
}

export function listen(root) {
  root.addEventListener("click", (event) => {
    if (event.target.closest?.(":disabled")) return;
    fire(event.target, "tap", { x: event.clientX, y: event.clientY }, { bubbles: true, composed: true });
  });
  root.addEventListener("input", (event) => {
    if (event.target.type !== "checkbox") fire(event.target, "input", { value: event.target.value });
  });
  root.addEventListener("change", onChange);
  root.addEventListener("focusout", (event) => {
    if (event.target.matches("input,textarea")) fire(event.target, "blur", { value: event.target.value });
  });
}
