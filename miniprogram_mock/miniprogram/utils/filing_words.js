/** What a filing's steps, parties and states look like on the screen; nothing is asked here. */
"use strict";

const clock = require("./clock");
const format = require("./format");
const { fen, money } = require("./fee_words");

const KINDS = { natural: "自然人", legal: "法人", other: "其他组织" };
const AUTHORITIES = [
  { key: "general", name: "一般授权" },
  { key: "special", name: "特别授权" },
];
const PARTY = { name: "", identity_no: "", uscc: "", legal_representative: "", phone: "", address: "" };

/** Empty content of a section, with one party on each side that the form needs. */
function blank(section, form) {
  const contents = {
    court: { court_code: "", court_name: "", cause: "", jurisdiction: "", basis: "" },
    parties: { items: ["claimant", "respondent"].map((side) => newParty(side, form)) },
    claims: { items: [""], claim_fen: null },
    facts: { text: "" },
    materials: { ids: [] },
    agency: {
      acts_for: [0],
      authority: "",
      powers: [],
      service_name: "",
      service_phone: "",
      service_address: "",
      mediation: false,
    },
  };
  return contents[section];
}

function newParty(side, form) {
  const role = form.roles.find((each) => each.side === side);
  return { side, kind: role.kinds[0], ...PARTY };
}

/** {field: message}, the first message of each field of a section. */
function errors(problems, section) {
  const found = {};
  for (const each of problems) {
    if (each.section === section && !(each.field in found)) found[each.field] = each.message;
  }
  return found;
}

/** Parties as cards: their role, whether they are people, and what is wrong field by field. */
function parties(items, form, wrong) {
  const names = Object.fromEntries(form.roles.map((role) => [role.side, role]));
  return items.map((party, index) => {
    const of = (field) => wrong[`items.${index}.${field}`] || "";
    return {
      ...party,
      index,
      role: names[party.side].name,
      kinds: names[party.side].kinds.map((key) => ({ key, name: KINDS[key] })),
      natural: party.kind === "natural",
      wrong: Object.fromEntries([...Object.keys(PARTY), "kind"].map((field) => [field, of(field)])),
    };
  });
}

/** Kinds of material with what was uploaded of each. */
function needs(form, files, wrong) {
  return form.materials.map((need) => ({
    ...need,
    files: files.filter((file) => file.kind === need.kind),
    error: wrong[need.kind] || "",
  }));
}

/** 12345600 fen → "123456.00", as it is typed; "" for none. */
const yuan = (value) => (value === null || value === undefined ? "" : (value / 100).toFixed(2));

/** What waits for the lawyer, in words: 草稿 · 需要补正，8月3日前 */
function standing(card) {
  const due = card.due_on ? format.date(`${card.due_on}T00:00:00+08:00`) : "";
  if (card.state === "submitted" && due) return `${card.state_name}，法院应在${due}前决定`;
  if (card.state === "correction") return `${card.state_name}，请在${due}前补正`;
  return card.state_name;
}

const dressed = (card) => ({
  ...card,
  standing: standing(card),
  when: format.dayAndTime(card.touched_at, clock.now()),
  open: ["draft", "correction"].includes(card.state),
});

module.exports = {
  KINDS, AUTHORITIES, blank, newParty, errors, parties, needs, yuan, money, fen, standing, dressed,
};
