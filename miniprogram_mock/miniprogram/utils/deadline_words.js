/** 期限 in the lawyer's words: the list by procedure, and days as they are typed and read. */
"use strict";

const LAWS = { civil: "民事", administrative: "行政", criminal: "刑事" };

/** The list, grouped by procedure; each row says its event and what is due. */
function groups(items) {
  return Object.entries(LAWS)
    .map(([law, name]) => ({
      law,
      name,
      rows: items
        .filter((item) => item.law === law)
        .map((item) => ({ ...item, key: `${item.rule}/${item.variant}`, event: eventOf(item) })),
    }))
    .filter((group) => group.rows.length);
}

const eventOf = ({ before, trigger }) => (before ? `在${trigger}之前` : `自${trigger}起`);

/** 2026-11-25 from 20261125, 2026.11.25, 2026年11月25日 …; "" when it is no day. */
function day(text) {
  const found = /^\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?\s*$/.exec(text);
  if (!found) return "";
  const [year, month, date] = found.slice(1).map(Number);
  const made = new Date(Date.UTC(year, month - 1, date));
  const real = made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
  return real ? made.toISOString().slice(0, 10) : "";
}

/** 2026年2月24日 星期二 */
function inWords(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  const weekday = "日一二三四五六"[new Date(Date.UTC(year, month - 1, date)).getUTCDay()];
  return `${year}年${month}月${date}日　星期${weekday}`;
}

module.exports = { groups, eventOf, day, inWords };
