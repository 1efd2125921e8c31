/** WXML's tags as HTML elements that browsers and screen readers already know. */

const TAGS = {
  view: ["div"],
  text: ["span"],
  block: ["block"],
  image: ["img"],
  button: ["button", 'type="button"'],
  "checkbox-group": ["div", 'lvz-kind="checkbox-group"'],
  checkbox: ["input", 'type="checkbox" lvz-kind="checkbox"'],
  switch: ["input", 'type="checkbox" role="switch" lvz-kind="switch"'],
  camera: ["lvz-camera", 'role="img"'],
  input: ["input", 'autocomplete="off" spellcheck="false"'],
};

/** `aria-role` is WeChat's name for `role`; an image's `aria-label` is its text alternative. */
export function toBrowserMarkup(wxml) {
  return wxml
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<(\/?)([a-z][a-z-]*)(?=[\s/>])/g, (_, slash, tag) => {
      const [name, extra] = TAGS[tag] ?? [tag];
      return `<${slash}${name}${!slash && extra ? ` ${extra}` : ""}`;
    })
    .replace(/\baria-role=/g, "role=")
    .replace(/<img\b([^>]*?)\saria-label=/g, "<img$1 alt=");
}
