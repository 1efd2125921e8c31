/** Checks on what the lawyer types; each answers "" or the sentence to show. */
"use strict";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = "10X98765432";

/** The 18th character by GB 11643—1999 (ISO 7064 MOD 11-2). */
function identityCheckCharacter(first17) {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17[i]), 0);
  return CHECK[sum % 11];
}

function isDate(text) {
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)].map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function identityProblem(text) {
  if (!text) return "请填写居民身份证号码";
  if (!/^\d{17}[\dXx]$/.test(text)) return "身份证号码应为18位，末位可以是 X";
  if (!isDate(text.slice(6, 14))) return "身份证号码中的出生日期有误，请核对第7至14位";
  if (identityCheckCharacter(text) !== text[17].toUpperCase())
    return "身份证号码末位校验不符，请逐位核对";
  return "";
}

/** 17 digits and no check digit: only the register can decide whether a number exists. */
function licenceProblem(text) {
  if (!text) return "请填写律师执业证号";
  if (!/^\d*$/.test(text)) return "执业证号只含数字";
  if (text.length !== 17) return `执业证号应为17位，现为${text.length}位`;
  return "";
}

function nameProblem(text) {
  const name = text.trim();
  if (!name) return "请填写姓名";
  if (!/^[\p{L}\p{M}·.\s'-]{2,50}$/u.test(name)) return "请按执业证上的姓名填写";
  return "";
}

/** 11101********3456: enough to recognise, not enough to copy. */
const maskLicence = (text) => `${text.slice(0, 5)}${"*".repeat(Math.max(0, text.length - 9))}${text.slice(-4)}`;

module.exports = {
  identityCheckCharacter,
  identityProblem,
  licenceProblem,
  nameProblem,
  maskLicence,
};
