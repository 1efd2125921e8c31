/** What the phone remembers between starts. Every name is listed here; nothing else is kept. */
"use strict";

const NAMES = {
  token: "lvz.token",
  me: "lvz.me",
  credential: "lvz.credential",
  clock: "lvz.clock",
  lastProof: "lvz.last_proof",
  draft: "lvz.draft",
  photo: "lvz.photo",
  ui: "lvz.ui",
  records: "lvz.records",
  uploads: "lvz.uploads",
  entries: "lvz.entries",
  passes: "lvz.passes",
  purpose_court: "lvz.purpose_court",
  feedback: "lvz.feedback",
  filings: "lvz.filings",
  applications: "lvz.applications",
};

function read(name) {
  const value = wx.getStorageSync(NAMES[name]);
  return value === "" || value === undefined ? null : value;
}

const write = (name, value) => wx.setStorageSync(NAMES[name], value);
const forget = (...names) => names.forEach((name) => wx.removeStorageSync(NAMES[name]));

/** Everything about the person; the look of the pages stays. */
const OF_LAWYER = ["photo", "records", "entries", "passes", "purpose_court", "feedback", "filings", "applications"];
const forgetLawyer = () => forget(...OF_LAWYER);
const forgetPerson = () => forget("token", "me", "credential", "lastProof", "draft", "uploads", ...OF_LAWYER);

module.exports = { read, write, forget, forgetLawyer, forgetPerson };
