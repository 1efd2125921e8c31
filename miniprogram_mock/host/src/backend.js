/**
 * glass-easel's browser backend, with two differences: inline styles go through the style object
 * (a strict Content-Security-Policy refuses the attribute), and form values are properties.
 */
import { glassEasel } from "glass-easel-miniprogram-adapter";

const KEYBOARDS = { number: "numeric", digit: "decimal", idcard: "text" };

const setters = {
  style(element, value) {
    element.style.cssText = value;
  },
  value(element, value) {
    const text = value ?? "";
    if (element.type === "checkbox") element.setAttributeNative("value", text);
    else if (element.value !== text) element.value = text; // keeps the caret where it is
  },
  // glass-easel sets true as "" and takes the attribute away for false.
  checked(element, value) {
    element.checked = value !== "false";
  },
  disabled(element, value) {
    element.disabled = value !== "false";
  },
  type(element, value) {
    if (!(value in KEYBOARDS)) return element.setAttributeNative("type", value);
    element.setAttributeNative("type", "text");
    return element.setAttributeNative("inputmode", KEYBOARDS[value]);
  },
  src(element, value) {
    if (value) element.setAttributeNative("src", value);
    else element.removeAttribute("src"); // no request for an empty address
  },
};

function createElement(tag) {
  const element = document.createElement(tag);
  element.setAttributeNative = element.setAttribute;
  element.setAttribute = (name, value) => {
    const set = setters[name];
    if (set) set(element, value);
    else element.setAttributeNative(name, value);
  };
  const removeNative = element.removeAttribute;
  element.removeAttribute = (name) => {
    if (name === "checked" || name === "disabled") element[name] = false;
    else removeNative.call(element, name);
  };
  return element;
}

export function createBackend() {
  const context = new glassEasel.CurrentWindowBackendContext();
  context.document = {
    createElement,
    createTextNode: (text) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  };
  return context;
}
