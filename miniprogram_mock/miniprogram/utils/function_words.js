/** What a court's functions come to for a lawyer: what can be done here, and what to do instead. */
"use strict";

const HEADS = { not_built: "本平台尚未开通", unavailable: "该法院暂不支持", unknown: "尚不清楚该法院是否支持" };

/** Rows of what is offered; the rest grouped by reason and by the way that is left. */
function sorted(functions) {
  const offered = functions.filter((one) => one.offered);
  const groups = new Map();
  for (const one of functions) {
    if (one.offered) continue;
    const key = `${one.refusal} ${one.instead}`;
    if (!groups.has(key)) groups.set(key, { key, head: HEADS[one.refusal], instead: one.instead, names: [] });
    groups.get(key).names.push(one.name);
  }
  const others = [...groups.values()].map((group) => ({ ...group, names: group.names.join("、") }));
  return { offered, others };
}

module.exports = { sorted };
