/** A typed application 申请 as rows of a form, and back as what the server takes. */
"use strict";

const { fen } = require("./fee_words");

/** The fields of a kind as rows, with what was typed and what is wrong. */
const rows = (kind, typed, wrong) =>
  kind.fields.map((field) => ({
    ...field,
    label: field.type === "money" ? `${field.label}（元）` : field.label,
    input: { money: "digit", days: "number" }[field.type] || "text",
    long: field.type === "text" && !field.choices,
    options: field.choices ? Object.entries(field.choices).map(([key, name]) => ({ key, name, on: typed[field.name] === key })) : [],
    value: typed[field.name] === undefined || typed[field.name] === null ? "" : typed[field.name],
    on: typed[field.name] === true,
    error: wrong[field.name] || "",
  }));

/** What the server takes: amounts in fen, days as numbers, nothing that was left empty. */
function fields(kind, typed) {
  const sent = {};
  for (const { name, type } of kind.fields) {
    const value = typed[name];
    if (type === "flag") sent[name] = value === true;
    else if (value === undefined || value === "") continue;
    else if (type === "money") sent[name] = fen(String(value)) || 0;
    else if (type === "days") sent[name] = Number(value) || 0;
    else sent[name] = value;
  }
  return sent;
}

/** What is wrong, by field, of a refusal; empty when the refusal is about something else. */
const wrong = (error) =>
  error.code === "applications.invalid" ? Object.fromEntries((error.extra?.errors || []).map((each) => [each.field, each.message])) : {};

/** What the applicant may still do with an application. */
const moves = ({ state }, kind) => ({
  withdraw: state === "submitted" || state === "security_demanded",
  security: state === "security_demanded",
  reconsider: kind.reconsideration && ["granted", "partly_granted", "refused"].includes(state),
});

module.exports = { rows, fields, wrong, moves };
