/**
 * Server-corrected time. A phone whose clock is wrong still makes codes that a kiosk accepts.
 *
 * Between two answers of the server time runs on the monotonic counter, so changing the phone's
 * clock while the page is open changes nothing; the stored offset serves a start without network.
 */
"use strict";

const store = require("./store");

const SLACK = 400; // ms: a later answer replaces the offset only if it is better or this far off

const counter = () =>
  typeof performance === "object" && performance.now ? performance.now() : Date.now();

let anchor = null; // {counter, time, roundTrip}

/** Take the time from an answer that was asked for at `sent` (counter value). */
function sync(serverTimeMs, sent) {
  const received = counter();
  const roundTrip = received - sent;
  const time = serverTimeMs + roundTrip / 2;
  if (anchor && roundTrip > anchor.roundTrip && Math.abs(time - now()) < SLACK) return;
  anchor = { counter: received, time, roundTrip };
  store.write("clock", Math.round(time - Date.now()));
}

/** Unix milliseconds. */
function now() {
  if (anchor) return anchor.time + counter() - anchor.counter;
  return Date.now() + (store.read("clock") || 0);
}

module.exports = { sync, now, counter, seconds: () => Math.floor(now() / 1000) };
