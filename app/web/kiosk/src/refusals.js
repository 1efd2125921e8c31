/** Every code a scan can be refused with: what happened, and what the lawyer should do. */

const again = "请律师在小程序里重新亮证，等码刷新后再扫。";
const renew = "请律师联网打开小程序，更新律证码后再扫。";
const paper = "请改验律师执业证原件，并通知值班人员。";
const rebind = "请律师在小程序里重新绑定，或到诉讼服务大厅办理。";

const TABLE = {
  "credential.malformed": ["不是有效的律证码", "二维码内容残缺或被改动。", again],
  "credential.unsupported_form": [
    "不支持这种码",
    "这不是可在此核验的律证码。",
    "请律师打开“律证”小程序亮证，不要出示其他二维码。",
  ],
  "credential.unknown_issuer": ["签发机构不受信任", "没有找到签发这张律证码的公钥。", renew],
  "credential.wrong_algorithm": ["签名算法不符", "律证码使用的签名算法与登记的不一致。", paper],
  "credential.bad_issuer_signature": ["律证码是伪造的", "签发机构的签名核验不通过。", paper],
  "credential.expired": ["律证码凭证已过期", "凭证超过有效期（最长24小时）。", renew],
  "credential.not_yet_valid": ["律证码凭证尚未生效", "凭证的签发时间晚于现在。", renew],
  "credential.bad_device_signature": [
    "不是本人手机出示",
    "手机签名核验不通过，码可能被转发或改动。",
    "请律师用绑定的手机当面亮证。",
  ],
  "credential.stale": [
    "码已超时",
    "超过20秒，可能是截屏或转发的图片。",
    "请律师当面打开小程序，出示正在刷新的码。",
  ],
  "credential.from_future": [
    "手机时间不准",
    "码上的时间比现在快了10秒以上。",
    "请律师联网校准手机时间后重新亮证。",
  ],
  "credential.wrong_audience": [
    "不是向本终端出示的码",
    "这个码是为别的场所或终端生成的。",
    "请律师先扫本终端的挑战码，再亮证。",
  ],
  "credential.wrong_nonce": [
    "与挑战码不符",
    "这个码没有回应本终端当前的一次性挑战码。",
    "请律师重新扫屏幕上的挑战码，再亮证。",
  ],
  "credential.revoked": ["执业证已注销或吊销", "登记系统显示已不具备执业资格。", paper],
  "credential.suspended": ["停止执业", "登记系统显示该律师现为停止执业状态。", paper],
  "credential.assessment_pending": [
    "年度考核未完成",
    "登记系统显示年度考核未参加或暂缓。",
    "请律师向所属律师协会核实；需入院的改验证件。",
  ],
  "credential.status_unavailable": [
    "查不到执业状态",
    "本终端暂时没有可用的执业状态清单。",
    "请恢复网络后再验，或改验律师执业证原件。",
  ],
  "credential.status_too_old": [
    "状态清单过旧",
    "执业状态清单超过24小时未更新，不能据此放行。",
    "请恢复网络后再验，或改验律师执业证原件。",
  ],
  "credential.replayed": ["码已用过", "这个码刚刚已经核验过一次。", "请等码刷新（约5秒）后再扫。"],
  "credential.unknown_reference": ["没有对应的律证码", "系统里找不到这个码。", again],
  "credential.device_ended": ["手机已停用", "出示该码的手机已解绑或已换机。", rebind],
  "credential.short_code_wrong": [
    "数字码不正确",
    "8位数字不对，或已过时（约15秒一换）。",
    "请律师重新读出当前的数字码。",
  ],
  "credential.too_many_tries": ["尝试次数过多", "数字码连续输错。", "请等一分钟再试。"],
  "verification.unknown_kiosk": [
    "本终端已停用",
    "本终端未登记，或已被管理台停用。",
    "请联系法院管理员；期间请改验证件。",
  ],
  "auth.signature_invalid": [
    "终端身份未通过",
    "服务器没有接受本终端的签名，多半是终端时间不准。",
    "请校准终端时间或重新注册终端。",
  ],
  "auth.rate_limited": ["操作太频繁", "短时间内核验次数过多。", "请稍候再试。"],
  "kiosk.clock_unsynchronised": [
    "终端时间不可信",
    "本终端时间被改动或未校准，离线不能判断码的新旧。",
    "请恢复网络自动校时，或改验律师执业证原件。",
  ],
  "kiosk.keys_too_old": [
    "公钥清单过期",
    "本终端的签发公钥清单已过有效期。",
    "请恢复网络后再验，或改验律师执业证原件。",
  ],
  "kiosk.cannot_record": [
    "终端无法记录",
    "本终端的存储空间写不进核验记录，不能离线放行。",
    "请联系法院管理员；期间请改验证件。",
  ],
  "kiosk.not_ready": [
    "终端尚未就绪",
    "本终端还没有下载过签发公钥。",
    "请恢复网络后再验，或改验律师执业证原件。",
  ],
};

export const CODES = Object.freeze(Object.keys(TABLE));

/** The same code means something narrower while the server is away. */
const OFFLINE = {
  "credential.unsupported_form": [
    "离线时不能核验这种码",
    "短码和数字码须联网核验。",
    "请律师切换到标准码。",
  ],
};

/**
 * @param {string} code
 * @param {{offline?: boolean, title?: string}} [how] `title` is the server's sentence, used for
 *   a code this page does not know.
 * @returns {{title: string, what: string, todo: string}}
 */
export function explain(code, { offline = false, title = "" } = {}) {
  const row = (offline && OFFLINE[code]) || TABLE[code];
  const [heading, what, todo] = row ?? ["不能通过", title || `代码 ${code}`, paper];
  return { title: heading, what, todo };
}

/** Whether this LVZ text at least looks like one of the forms only the server can check. */
export const needsServer = (text) => /^LVZ[23]:/.test(text);
