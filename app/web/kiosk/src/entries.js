/**
 * What an officer writes down at a gate (通行记录): whom the court let in, and whom not and why.
 * The lists are the server's (`app/verification/rules/passage.py`); no screen offers more.
 */

export const REASONS = Object.freeze({
  identity_unverifiable: "身份无法核验",
  not_practising: "律师执业状态异常",
  not_same_person: "本人与照片不符",
  screening_failed: "安检未通过",
  prohibited_items: "携带违禁物品",
  full_or_closed: "法庭已满或不公开审理",
  other: "其他（须说明）",
});
export const PURPOSES = Object.freeze({
  general: "一般通行",
  hall: "立案、诉讼服务大厅",
  hearing: "开庭",
  casefile: "阅卷",
  meeting: "会见法官",
  other: "其他",
});
export const WAYS = Object.freeze({ code: "律证码", paper: "纸质执业证", chip: "芯片卡" });
export const CHECKS = Object.freeze({
  paper: { photo: "本人与证件照片相符", seal: "发证机关印章完好", assessment: "年度考核备案章有效" },
  chip: { photo: "本人与证件照片相符", chip_read: "芯片已读取" },
});
const NOTE = 200;

/** Refusals that speak of the lawyer and not of this picture: scanning again changes nothing. */
const OF_THE_LAWYER = {
  "credential.revoked": "not_practising",
  "credential.suspended": "not_practising",
  "credential.assessment_pending": "not_practising",
  "credential.device_ended": "identity_unverifiable",
};

/** The reason that a verdict suggests; "" when the officer has to say. */
export function suggestedReason({ kind, code }) {
  return kind === "refused" ? OF_THE_LAWYER[code] ?? "identity_unverifiable" : "";
}

/** Whether the same lawyer may simply show the code again. */
export const mayShowAgain = ({ kind, code }) => kind === "refused" && !(code in OF_THE_LAWYER);

/** The sentence that keeps a refusal from being written, "" when it is whole. */
export function refusalProblem({ reason, note }) {
  if (!(reason in REASONS)) return "请选择不予放行的原因。";
  if (reason === "other" && !tidy(note)) return "选“其他”的，请写明原因。";
  return "";
}

/** What was typed off a document, as the server takes it; `problem` says what is missing. */
export function readDocument({ way, name, licenceNo, checked, purpose }) {
  const number = narrow(licenceNo).replaceAll(/\s/g, "");
  const read = { way, name: tidy(name).slice(0, 40), licence_no: number, checked, purpose };
  if (!read.name) return { ...read, problem: "请填写证件上的姓名。" };
  if (!/^[0-9]{17}$/.test(number)) return { ...read, problem: "执业证号应为17位数字，请核对。" };
  return { ...read, problem: "" };
}

/** An admission by document says what was looked at. */
export const admissionProblem = ({ problem, checked }) =>
  problem || (checked.length ? "" : "请勾选已核对的内容。");

/**
 * The record of a decision, ready for the queue and the server. `verdict` is the scan it is
 * about, null when a document was shown at once; `document` what `readDocument` gave.
 */
export function decisionOf({ id, at, offline, admitted, verdict, document, reason, note }) {
  const { problem: _, ...shown } = document ?? { way: "code" };
  const why = admitted ? {} : { reason, ...(tidy(note) && { note: tidy(note).slice(0, NOTE) }) };
  const scan = verdict ? { scan_id: verdict.id } : {};
  return { id, at: new Date(at).toISOString(), offline, admitted, ...shown, ...scan, ...why };
}

/** A pass in words: what for, when, which case. */
export function errandWords(errand, timeOf) {
  if (!errand) return PURPOSES.general;
  const when = errand.hearing_at ? timeOf(Date.parse(errand.hearing_at)) : "";
  return [`${errand.purpose_label}${when && ` ${when}`}`, errand.case_reference].filter(Boolean).join(" · ");
}

export function decisionWords({ admitted, way, reason }) {
  const shown = way === "code" ? "" : `凭${WAYS[way]}`;
  return admitted ? `${shown}放行` : `不予放行：${REASONS[reason]}`;
}

// eslint-disable-next-line no-control-regex -- what no keyboard writes and no record may hold
const UNSEEN = /[\u0000-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;
const tidy = (text) => (text ?? "").replaceAll(UNSEEN, " ").trim();
const narrow = (text) =>
  (text ?? "").replaceAll(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
