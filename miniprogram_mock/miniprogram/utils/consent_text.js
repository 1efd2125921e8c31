/**
 * 同意的文字: what the device key signs, built here from what the page shows.
 *
 * The server sends its own lines beside the fields. They must be the same: otherwise a lawyer
 * would read one thing and sign another.
 */
"use strict";

// One line of visible characters: no line break that makes two lines of one, no turn of direction.
const VISIBLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;

const offered = (attributes) => attributes.map(({ code, required }) => (required ? `${code}!` : code)).join(",");

/** The fixed lines, from the fields of a ScanView. */
function lines(view) {
  const { requester, act } = view;
  return [
    "lvz-consent:v1",
    `ticket:${view.id}`,
    `who:${requester.name} ${requester.uscc}`,
    `domain:${requester.domain}`,
    `kind:${view.kind}`,
    ...(act ? [`act:${act.code} ${act.text}`] : []),
    `offered:${offered(view.attributes)}`,
    `purpose:${view.purpose.text}`,
    `retention:${view.retention}`,
    `place:${view.place}`,
    `acr:${view.acr}`,
  ];
}

const same = (one, other) => one.length === other.length && one.every((line, i) => line === other[i]);

/** Does the server want signed exactly what the fields say? */
function agrees(view) {
  const built = lines(view);
  return Array.isArray(view.statement) && same(built, view.statement) && built.every((line) => VISIBLE.test(line));
}

/** The text to sign. granted: attribute codes; iat: Unix seconds. */
const text = (fixed, granted, iat) => [...fixed, `granted:${[...granted].sort().join(",")}`, `iat:${iat}`].join("\n");

module.exports = { lines, agrees, same, text };
