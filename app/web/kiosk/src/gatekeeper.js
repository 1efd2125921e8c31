/**
 * The officer's side of a gate (安检口): no verdict leaves the screen before it is written down
 * whether the person was let in. The decision goes to this machine's disk first and to the server
 * when there is one; a verdict left open outlives a reload.
 */

import * as entries from "./entries.js";
import { maskLicence, showError } from "./view.js";

const $ = (id) => document.getElementById(id);
const PENDING = "pending";

export class Gatekeeper {
  #verdict = null;
  #document = null;
  #recording = false;

  /** `onDecided(decision, verdict)` once it is on disk, `onLost()` when the disk took nothing. */
  constructor({ store, clock, api, uploads, onDecided, onLost, onAgain }) {
    Object.assign(this, { store, clock, api, uploads, onDecided, onLost, onAgain });
    this.on = false;
    this.#fill();
    this.#bind();
  }

  /** Whether the next person has to wait. */
  get waiting() {
    return this.on && (this.#recording || this.#verdict !== null || $("document").open || $("refusal").open);
  }

  enable(on) {
    this.on = Boolean(on);
    $("open-document").hidden = !this.on;
    $("verdict").toggleAttribute("data-gate", this.on);
    $("gate-actions").hidden = !this.on;
    $("verdict-close").hidden = this.on;
    for (const node of document.querySelectorAll(".v-errand")) node.hidden = !this.on;
  }

  /** The verdict that was left open when the page last ended. */
  async left() {
    return this.on ? ((await this.store.get(PENDING)) ?? null) : null;
  }

  begin(verdict) {
    this.#verdict = { ...verdict, entryId: verdict.entryId ?? crypto.randomUUID() };
    this.store.set(PENDING, this.#verdict).catch((error) => console.error(error));
    const refused = verdict.kind === "refused";
    $("gate-admit").hidden = refused;
    $("gate-document").hidden = verdict.kind === "accepted";
    $("gate-again").hidden = !entries.mayShowAgain(verdict);
    $("v-errand").textContent = entries.errandWords(null);
    // Not on a button: a scanner that types ends with Enter.
    $("verdict-word").focus({ preventScroll: true });
    if (verdict.verificationId) this.#askErrand(verdict);
  }

  /** What for: asked of the server after the code was accepted, and only said, never demanded. */
  async #askErrand({ id, verificationId }) {
    try {
      const { errand } = await this.api.passOf(verificationId);
      if (this.#verdict?.id === id) $("v-errand").textContent = entries.errandWords(errand, hourOf);
    } catch {
      // A general pass, as without a network.
    }
  }

  #fill() {
    $("refusal-reasons").append(...Object.entries(entries.REASONS).map((pair) => choice("radio", "reason", pair)));
    $("document-purpose").append(...Object.entries(entries.PURPOSES).map(([value, text]) => new Option(text, value)));
    this.#offerChecks("paper");
  }

  #offerChecks(way) {
    const offered = Object.entries(entries.CHECKS[way]);
    $("document-checks").replaceChildren(...offered.map((pair) => choice("checkbox", "checked", pair)));
  }

  #bind() {
    $("gate-admit").addEventListener("click", () => this.#record({ admitted: true }));
    $("gate-refuse").addEventListener("click", () => this.#openRefusal(null));
    $("gate-document").addEventListener("click", () => this.#openDocument());
    $("open-document").addEventListener("click", () => this.#openDocument());
    $("gate-again").addEventListener("click", () => this.#again());
    $("document-form").addEventListener("change", ({ target }) => {
      if (target.name === "way") this.#offerChecks(target.value);
    });
    hideNumber($("document-licence"));
    $("document-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submitDocument(event.submitter?.value !== "refuse");
    });
    $("refusal-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#refuse();
    });
  }

  #openDocument() {
    showError("document-error", "");
    $("document-form").reset();
    delete $("document-licence").dataset.number;
    this.#offerChecks("paper");
    $("document").showModal();
  }

  #openRefusal(document) {
    this.#document = document;
    showError("refusal-error", "");
    $("refusal-form").reset();
    const reason = document || !this.#verdict ? "" : entries.suggestedReason(this.#verdict);
    if (reason) $("refusal-form").elements.reason.value = reason;
    $("refusal").showModal();
  }

  #submitDocument(admitted) {
    const form = $("document-form").elements;
    const shown = entries.readDocument({
      way: form.way.value,
      name: $("document-name").value,
      licenceNo: $("document-licence").dataset.number ?? $("document-licence").value,
      checked: [...$("document-checks").querySelectorAll("input:checked")].map(({ value }) => value),
      purpose: $("document-purpose").value,
    });
    const problem = admitted ? entries.admissionProblem(shown) : shown.problem;
    showError("document-error", problem);
    if (problem) return;
    if (admitted) this.#record({ admitted: true, document: shown });
    else this.#openRefusal(shown);
  }

  #refuse() {
    const given = { reason: $("refusal-form").elements.reason.value, note: $("refusal-note").value };
    const problem = entries.refusalProblem(given);
    showError("refusal-error", problem);
    if (!problem) this.#record({ admitted: false, document: this.#document, ...given });
  }

  /** Once for a verdict or a document, however often the button is touched. */
  async #record(fields) {
    if (this.#recording || (!this.#verdict && !fields.document)) return;
    this.#recording = true;
    try {
      await this.#write(fields);
    } finally {
      this.#recording = false;
    }
  }

  async #write(fields) {
    const verdict = this.#verdict;
    const offline = this.api.up === false || verdict?.offline === true;
    const id = verdict?.entryId ?? crypto.randomUUID();
    const decision = entries.decisionOf({ id, at: this.clock.nowMs(), offline, verdict, ...fields });
    try {
      await this.store.enqueue({ what: "entry", ...decision });
    } catch (error) {
      console.error(error);
      await this.api.enter([decision]).catch(() => this.onLost());
    }
    await this.#close();
    this.onDecided(decision, verdict);
    this.uploads.run().catch((error) => console.warn(error.message));
  }

  async #again() {
    await this.#close();
    this.onAgain();
  }

  async #close() {
    this.#verdict = null;
    this.#document = null;
    for (const name of ["refusal", "document"]) if ($(name).open) $(name).close();
    await this.store.set(PENDING, null).catch((error) => console.error(error));
  }
}

const HOUR = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour12: false, hour: "2-digit", minute: "2-digit" });
const hourOf = (ms) => HOUR.format(ms);

function choice(type, name, [value, text]) {
  const label = Object.assign(document.createElement("label"), { className: "choice" });
  const words = Object.assign(document.createElement("span"), { textContent: text });
  label.append(Object.assign(document.createElement("input"), { type, name, value }), words);
  return label;
}

/** A number in full stands on the screen only while it is typed: others look on. */
function hideNumber(input) {
  input.addEventListener("input", () => delete input.dataset.number);
  input.addEventListener("focus", () => {
    if (input.dataset.number) input.value = input.dataset.number;
  });
  input.addEventListener("blur", () => {
    const number = input.dataset.number ?? input.value;
    if (number.trim().length !== 17) return;
    input.dataset.number = number.trim();
    input.value = maskLicence(input.dataset.number);
  });
}
