/** Fees as lawyers speak of them: what is paid for, amounts in 元, why a fee is halved. */
"use strict";

const COMMON = [
  ["property", "财产案件"],
  ["labour", "劳动争议"],
  ["divorce", "离婚"],
  ["other_non_property", "其他非财产案件"],
  ["administrative", "行政案件"],
  ["preservation", "申请保全"],
  ["enforcement", "申请执行"],
];
const RARE = [
  ["intellectual_property", "知识产权民事案件"],
  ["personality", "侵害人格权"],
  ["administrative_special", "商标、专利、海事行政案件"],
  ["jurisdiction_objection", "管辖权异议不成立"],
  ["payment_order", "申请支付令"],
  ["public_summons", "申请公示催告"],
  ["arbitration_review", "申请撤销仲裁裁决"],
  ["bankruptcy", "申请破产"],
  ["special_procedure", "特别程序"],
  ["state_compensation", "行政赔偿"],
];
const REDUCTIONS = [
  ["summary", "适用简易程序"],
  ["mediated", "调解结案"],
  ["withdrawn", "申请撤诉"],
  ["joined", "反诉、第三人请求合并审理"],
];
const named = (rows) => rows.map(([key, name]) => ({ key, name }));

/** Fen from what was typed in 元; null when nothing, NaN when it is no amount. */
function fen(text) {
  const typed = text.replace(/[,，\s元]/g, "");
  if (!typed) return null;
  const [, yuan, cents = ""] = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(typed) || [];
  return yuan === undefined ? NaN : Number(yuan) * 100 + Number(cents.padEnd(2, "0"));
}

/** 13,800.00 */
function yuan(value) {
  const whole = String(Math.floor(value / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${String(value % 100).padStart(2, "0")}`;
}

const range = ({ low_fen: low, high_fen: high }) =>
  low === high ? `${yuan(low)} 元` : `${yuan(low)} 至 ${yuan(high)} 元`;

/** What the page shows of an estimate. */
function describe(estimate) {
  return {
    total: range(estimate),
    article: estimate.article,
    lines: estimate.lines.map((line, key) => ({ key, text: line.text, fee: range(line) })),
    notes: estimate.notes,
  };
}

/** 13,800.00 元 */
const money = (value) => `${yuan(value)} 元`;

module.exports = {
  money,
  COMMON: named(COMMON),
  RARE: named(RARE),
  REDUCTIONS: named(REDUCTIONS),
  fen,
  describe,
};
