/**
 * 同意的文字: the lines that the device key signs, built from what the page shows. They must be
 * the server's own lines, or somebody would have us sign other words than the lawyer read.
 */
"use strict";

function statement(view) {
  const { requester: who, act } = view;
  const offered = view.attributes.map(({ code, required }) => (required ? `${code}!` : code));
  return [
    "lvz-consent:v1",
    `ticket:${view.id}`,
    `who:${who.name} ${who.uscc}`,
    `domain:${who.domain}`,
    `kind:${view.kind}`,
    ...(act ? [`act:${act.code} ${act.text}`] : []),
    `offered:${offered.join(",")}`,
    `purpose:${view.purpose.text}`,
    `retention:${view.retention}`,
    `place:${view.place}`,
    `acr:${view.acr}`,
  ];
}

function isAsShown(view) {
  const own = statement(view);
  return own.length === view.statement.length && own.every((line, n) => line === view.statement[n]);
}

/** The whole text; `granted`: attribute codes, `iat`: Unix seconds. */
const text = (view, granted, iat) =>
  [...statement(view), `granted:${[...granted].sort().join(",")}`, `iat:${iat}`].join("\n");

module.exports = { statement, isAsShown, text };
