/** The sentences of the consent page, by kind of request and by how it ended. */
"use strict";

const { API_BASE } = require("./config");
const format = require("./format");

const KINDS = {
  login: { title: "登录确认", text: "同意后，您将登录这家单位的系统。", screen: "电脑" },
  attributes: { title: "身份信息授权", text: "同意后，下列信息将提供给这家单位。", screen: "电脑" },
  act: { title: "执业行为确认", text: "同意后由本机签名并出具确认书，任何人都可以查验。", screen: "电脑" },
  device: { title: "终端核验", text: "同意后，这台终端可以读取下列信息。", screen: "终端" },
};
const LEVELS = {
  "urn:lvz:acr:scan": "当面扫码",
  "urn:lvz:acr:device": "当面扫码，本机签名",
  "urn:lvz:acr:face": "当面扫码，本机签名，人脸核验",
};
const NOTHING = "没有向对方提供任何信息。";
const ENDINGS = {
  declined: { tone: "plain", title: "您没有同意", text: `已告知对方。${NOTHING}`, way: "show" },
  not_mine: {
    tone: "bad",
    title: "已取消并上报",
    text: `${NOTHING}请不要再扫对方发来的码。对方自称法院或律协的，请打其公开电话核实。`,
    way: "show",
  },
  cancelled: { tone: "plain", title: "对方已取消", text: `请求已在屏幕那一侧取消。${NOTHING}`, way: "scan" },
  expired: { tone: "plain", title: "请求已过期", text: `没有在规定时间内完成。${NOTHING}需要时请重新发起，再扫屏幕上的码。`, way: "scan" },
  failed: { tone: "bad", title: "没有完成", text: `数字输错次数过多，或请求出错，已经终止。${NOTHING}需要时请重新发起。`, way: "scan" },
};
const ALTERED = {
  tone: "bad",
  title: "内容对不上，不能同意",
  text: "屏幕上显示的内容与要您签名的文字不一致。为保护您，本机没有签名。请与对方核实后重新发起。",
  way: "scan",
};
const DONE = {
  login: "您已登录，请回到电脑继续。",
  attributes: "信息已提供给对方，可随时在“我的授权与确认”中撤回。",
  act: "确认书已出具，可随时在“我的授权与确认”中查看。",
  device: "请回到终端继续。",
};

const kindOf = (view) => KINDS[view.kind] || KINDS.attributes;

/** A logo may come as a path of our own server. */
const logoOf = ({ logo }) => (logo?.startsWith("/") ? API_BASE + logo : logo || "");

/** What stays the same as long as the page is open, as it is shown. */
function describe(view) {
  const { requester } = view;
  return {
    kind: view.kind,
    kindTitle: kindOf(view).title,
    kindText: kindOf(view).text,
    screen: kindOf(view).screen,
    requester: { ...requester, logo: logoOf(requester), verifiedOn: format.date(requester.verified_at) },
    purpose: view.purpose.text,
    retention: view.retention,
    act: view.act,
    place: view.place,
    level: LEVELS[view.acr] || view.acr,
  };
}

/** How it ended: {tone, title, text, way}. notMine: the lawyer flagged it. */
function ending(view, { notMine }) {
  if (view.state === "completed") return { tone: "good", title: "已完成", text: DONE[view.kind] || DONE.attributes, way: "show" };
  return ENDINGS[view.state === "declined" && notMine ? "not_mine" : view.state] || ENDINGS.failed;
}

module.exports = { describe, ending, ALTERED };
