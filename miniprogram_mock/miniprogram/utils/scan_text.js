/** What a scanned code is: a kiosk's challenge, or a request to sign in, authorise or confirm. */
"use strict";

const challenges = require("./challenge");

const TICKET = /^https?:\/\/[^/\s]{1,255}\/s\/[A-Za-z0-9_-]{22}\.\d{1,6}\.[A-Za-z0-9_-]{22}$/;
// Long press on a picture, album, and the same for mini-program codes: nobody stood before it.
const REFUSED_SCENES = [1012, 1013, 1048, 1049];

/** {kind: "challenge", challenge} | {kind: "request", text} | {kind: "unknown"} */
function read(text) {
  const challenge = challenges.parse(text);
  if (challenge) return { kind: "challenge", challenge };
  return TICKET.test(text) ? { kind: "request", text } : { kind: "unknown" };
}

const isRefusedScene = (scene) => REFUSED_SCENES.includes(scene);

module.exports = { read, isRefusedScene };
