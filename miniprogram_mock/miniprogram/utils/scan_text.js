/** What a camera may have read: a kiosk's challenge, a scan ticket, or something that is not ours. */
"use strict";

const challenges = require("./challenge");

// <origin>/s/<ticket>.<step>.<mac>. Whose origin it is proves nothing (a phishing page shows a
// genuine code as well): the server knows its own tickets by the last part.
const TICKET = /^https?:\/\/[^/\s]{1,255}\/s\/[A-Za-z0-9_-]{22}\.\d{1,6}\.[A-Za-z0-9_-]{22}$/;

/** {kind: "challenge", challenge} | {kind: "ticket", text} | null. */
function parse(text) {
  if (TICKET.test(text)) return { kind: "ticket", text };
  const challenge = challenges.parse(text);
  return challenge && { kind: "challenge", challenge };
}

module.exports = { parse };
