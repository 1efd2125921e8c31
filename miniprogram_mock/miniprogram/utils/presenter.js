/**
 * 亮证: what stands on the screen at a given second. One object per page; it keeps the laid-out
 * token between ticks, so that a tick is one signature and one base45 text.
 */
"use strict";

const credentialKeeper = require("./credential_keeper");
const deviceKey = require("./device_key");
const lvz = require("./lvz");

const PERIOD = 5; // seconds one code stands
const CHALLENGE_LIFE = 60; // seconds for which a kiosk's challenge is answered
const SHORT = 3;

class Presenter {
  constructor() {
    this.form = 1;
    this.challenge = null; // {audience, nonce, form, until}
    this.source = null; // the credential that was laid out
    this.layout = null;
    this.drawn = null; // the slot that stands on the screen
  }

  choose(form) {
    this.form = form;
    this.challenge = null;
    this.drop();
  }

  answer(challenge, at) {
    this.challenge = { ...challenge, until: at + CHALLENGE_LIFE };
    this.form = challenge.form;
    this.drop();
  }

  /** Forget what was laid out: the credential, the form or the audience changed. */
  drop() {
    this.layout = null;
    this.drawn = null;
  }

  /** Seconds until the present code is replaced. */
  left(held, at) {
    const period = this.period(held);
    return period - (at % period);
  }

  period(held) {
    return this.form === SHORT ? held.short_code.interval : PERIOD;
  }

  /** The next text, or null while the one on the screen still stands. `at`: Unix seconds. */
  async tick(held, at) {
    if (this.challenge && at >= this.challenge.until) this.choose(1);
    if (this.source !== held.credential) this.drop();
    this.source = held.credential;
    const slot = Math.floor(at / this.period(held));
    if (slot === this.drawn) return null;
    this.drawn = slot;
    if (this.form === SHORT) return { ...lvz.shortCode(held.short_code, at), form: SHORT };
    this.layout ||= this.lay(held);
    return { text: await lvz.present(this.layout, { at, sign: deviceKey.sign }), form: this.form };
  }

  lay(held) {
    const { audience, nonce } = this.challenge || { audience: held.audience, nonce: null };
    return lvz.frame({ ...credentialKeeper.asBytes(held), form: this.form, audience, nonce });
  }
}

module.exports = { Presenter, CHALLENGE_LIFE };
