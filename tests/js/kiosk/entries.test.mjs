// What an officer writes down at a gate, and how it reaches the server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Problem, Unreachable } from "../../../app/web/kiosk/src/api.js";
import {
  admissionProblem,
  CHECKS,
  decisionOf,
  decisionWords,
  errandWords,
  mayShowAgain,
  PURPOSES,
  readDocument,
  REASONS,
  refusalProblem,
  suggestedReason,
} from "../../../app/web/kiosk/src/entries.js";
import { Uploads } from "../../../app/web/kiosk/src/uploads.js";

const AT = Date.parse("2026-11-25T01:02:03.000Z");
const rules = readFileSync(new URL("../../../app/verification/rules/passage.py", import.meta.url), "utf8");
/** The values of one of the server's enumerations. */
const server = (name) =>
  [...rules.match(new RegExp(`class ${name}\\(StrEnum\\):[^]*?@property`))[0].matchAll(/= "([a-z_]+)"/g)].map(([, value]) => value);

test("the lists are the server's: no reason, purpose or check that it would turn away", () => {
  assert.deepEqual(Object.keys(REASONS), server("Reason"));
  assert.deepEqual(Object.keys(PURPOSES), server("Purpose"));
  const checks = new Set(Object.values(CHECKS).flatMap(Object.keys));
  assert.deepEqual([...checks].sort(), server("Check").sort());
});

test("a refusal has a reason of the list, and 其他 a note", () => {
  assert.match(refusalProblem({ reason: "", note: "" }), /请选择/);
  assert.match(refusalProblem({ reason: "他看着不像", note: "" }), /请选择/);
  assert.match(refusalProblem({ reason: "other", note: " \u202e " }), /写明/);
  assert.equal(refusalProblem({ reason: "other", note: "证件破损" }), "");
  assert.equal(refusalProblem({ reason: "screening_failed", note: "" }), "");
});

test("a verdict suggests its reason; only an unreadable picture may be shown again", () => {
  const refused = (code) => ({ kind: "refused", code });
  assert.equal(suggestedReason(refused("credential.suspended")), "not_practising");
  assert.equal(suggestedReason(refused("credential.stale")), "identity_unverifiable");
  assert.equal(suggestedReason({ kind: "accepted" }), "");
  assert.deepEqual(["credential.suspended", "credential.revoked", "credential.device_ended"].map((code) => mayShowAgain(refused(code))), [false, false, false]);
  assert.equal(mayShowAgain(refused("credential.stale")), true);
  assert.equal(mayShowAgain({ kind: "accepted" }), false);
});

test("a document is read as the server takes it; what was checked is said before anybody is let in", () => {
  const typed = { way: "paper", name: " 林正衡 ", licenceNo: "１１１０１ 2010 1012 3456", checked: [], purpose: "general" };
  const shown = readDocument(typed);
  assert.deepEqual([shown.name, shown.licence_no, shown.problem], ["林正衡", "11101201010123456", ""]);
  assert.match(admissionProblem(shown), /勾选/);
  assert.equal(admissionProblem({ ...shown, checked: ["photo"] }), "");
  assert.match(readDocument({ ...typed, licenceNo: "123" }).problem, /17位/);
  assert.match(readDocument({ ...typed, name: "" }).problem, /姓名/);
});

test("a decision holds what its way needs and nothing else", () => {
  const verdict = { id: "scan-1", kind: "accepted" };
  const base = { id: "e1", at: AT, offline: false };
  assert.deepEqual(decisionOf({ ...base, admitted: true, verdict }), {
    id: "e1", at: "2026-11-25T01:02:03.000Z", offline: false, admitted: true, way: "code", scan_id: "scan-1",
  });
  const refused = decisionOf({ ...base, admitted: false, verdict, reason: "other", note: "a\u0000b\u2066 " });
  assert.deepEqual([refused.reason, refused.note], ["other", "a b"]);
  assert.ok(!("note" in decisionOf({ ...base, admitted: false, verdict, reason: "screening_failed", note: " " })));
  const document = readDocument({ way: "chip", name: "林", licenceNo: "11101201010123456", checked: ["photo"], purpose: "hall" });
  const byChip = decisionOf({ ...base, admitted: true, verdict: null, document });
  assert.deepEqual(Object.keys(byChip).sort(), ["admitted", "at", "checked", "id", "licence_no", "name", "offline", "purpose", "way"]);
  assert.equal(decisionWords(byChip), "凭芯片卡放行");
  assert.equal(decisionWords(refused), "不予放行：其他（须说明）");
});

test("a pass in words", () => {
  const time = () => "14:30";
  assert.equal(errandWords(null), "一般通行");
  const hearing = { purpose_label: "开庭", hearing_at: "2026-11-25T06:30:00Z", case_reference: "（2026）京0105民初1号" };
  assert.equal(errandWords(hearing, time), "开庭 14:30 · （2026）京0105民初1号");
  assert.equal(errandWords({ purpose_label: "阅卷", hearing_at: null, case_reference: null }, time), "阅卷");
});

/** A queue in memory and a server that says what it is told to say. */
function desk({ enter, upload = (items) => ({ accepted: items.map(({ id }) => id) }) }) {
  const items = new Map();
  const calls = [];
  const store = {
    queued: async () => [...items.values()],
    enqueue: async (item) => void items.set(item.id, item),
    dequeue: async (ids) => ids.forEach((id) => items.delete(id)),
  };
  const tell = (name, answer) => async (sent) => {
    calls.push([name, sent.map(({ id }) => id)]);
    return answer(sent);
  };
  const api = { upload: tell("scans", upload), enter: tell("entries", enter) };
  return { store, calls, uploads: new Uploads({ store, api }) };
}
const taken = (items) => ({ accepted: items.map(({ id }) => id) });
const entry = (id) => ({ what: "entry", id, at: "x", admitted: true, way: "code", scan_id: "s" });

test("scans go before the decisions about them, and the queue's own mark stays here", async () => {
  let sent;
  const { store, calls, uploads } = desk({ enter: (items) => ((sent = items), taken(items)) });
  await store.enqueue(entry("e1"));
  await store.enqueue({ id: "s1", text: "LVZ1:", at: "x", outcome: "accepted" });
  await uploads.run();
  assert.deepEqual(calls, [["scans", ["s1"]], ["entries", ["e1"]]]);
  assert.ok(!("what" in sent[0]));
  assert.deepEqual(await store.queued(), []);
});

test("without a server decisions wait; with it they are sent once, flagged or not", async () => {
  let away = true;
  const enter = (items) => {
    if (away) throw new Unreachable("away");
    return { ...taken(items), flagged: [{ id: "e1", code: "entry.scan_unknown" }] };
  };
  const { store, calls, uploads } = desk({ enter });
  uploads.onFlag = () => assert.fail("a doubt about a decision is the court's, not this screen's");
  await store.enqueue(entry("e1"));
  await assert.rejects(uploads.run(), Unreachable);
  assert.equal((await uploads.waiting()).length, 1);
  away = false;
  await uploads.run();
  await uploads.run();
  assert.equal(calls.length, 2);
  assert.deepEqual(await store.queued(), []);
});

test("a decision made while others are on their way is sent too", async () => {
  const enter = async (items) => {
    if (items[0].id === "e1") {
      await store.enqueue(entry("e2"));
      uploads.run();
    }
    return taken(items);
  };
  const { store, calls, uploads } = desk({ enter });
  await store.enqueue(entry("e1"));
  await uploads.run();
  assert.deepEqual(calls.map(([, ids]) => ids), [["e1"], ["e2"]]);
});

test("one decision that the server turns away does not hold up the others", async () => {
  const enter = (items) => {
    if (items.some(({ id }) => id === "bad")) throw new Problem(422, { code: "request.invalid" });
    return taken(items);
  };
  const { store, uploads } = desk({ enter });
  for (const id of ["bad", "e1"]) await store.enqueue(entry(id));
  await uploads.run();
  assert.deepEqual((await store.queued()).map(({ id, rejected }) => [id, rejected]), [["bad", "request.invalid"]]);
});
