/**
 * The scanning part of the public interface, for tests of the pages: one request of one relying
 * party. It writes the consent text down by itself and checks the signature against it.
 */
import { p256 } from "@noble/curves/nist.js";

export const SCAN_ID = "0190a6a0-1c2b-7000-8000-0123456789ab";
export const TICKET = `https://lvzheng.example/s/${"t".repeat(22)}.17.${"m".repeat(22)}`;
export const STATEMENT = [
  "lvz-consent:v1",
  `ticket:${SCAN_ID}`,
  "who:北京市朝阳区人民法院 11110105400876543K",
  "domain:ssfw.example.gov.cn",
  "kind:attributes",
  "offered:name!,license_no!,firm",
  "purpose:网上立案时核对代理人身份",
  "retention:30天",
  "place:电脑浏览器 · 203.0.113.7",
  "acr:urn:lvz:acr:device",
];

const later = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

export function view(change = {}) {
  return {
    id: SCAN_ID,
    state: "claimed",
    kind: "attributes",
    expires_at: later(120),
    server_time_ms: Date.now(),
    requester: { name: "北京市朝阳区人民法院", uscc: "11110105400876543K", domain: "ssfw.example.gov.cn", logo: null, verified_at: later(-86_400), flagged: false },
    purpose: { code: "filing", text: "网上立案时核对代理人身份" },
    retention: "30天",
    attributes: [
      { code: "name", label: "姓名", required: true, value: "张建国" },
      { code: "license_no", label: "执业证号", required: true, value: "11101199010123456" },
      { code: "firm", label: "执业机构", required: false, value: "北京市衡正律师事务所" },
    ],
    act: null,
    place: "电脑浏览器 · 203.0.113.7",
    acr: "urn:lvz:acr:device",
    face_needed: false,
    number: null,
    number_done: false,
    second_scan: false,
    statement: STATEMENT,
    result: null,
    ...change,
  };
}

export class ScanServer {
  constructor(publicKey) {
    this.publicKey = publicKey;
    this.view = view();
    this.asked = []; // "METHOD path"
    this.bodies = [];
    this.refuseNext = null; // {status, code, title}
  }

  /** wx.request in place of the network. */
  request = ({ url, method, data, success }) => {
    this.asked.push(`${method} ${url.replace(SCAN_ID, ":id")}`);
    if (method === "POST") this.bodies.push(data);
    const refusal = this.refuseNext;
    this.refuseNext = null;
    const [statusCode, body] = refusal ? [refusal.status, refusal] : this.answer(method, url, data);
    setImmediate(() => success({ statusCode, data: structuredClone(body) }));
  };

  answer(method, url, data) {
    if (url === "/api/v1/scans") return [201, this.view];
    if (url.endsWith("/approve")) return this.approve(data);
    if (url.endsWith("/decline")) this.view = { ...this.view, state: "declined" };
    return [200, { ...this.view, server_time_ms: Date.now() }];
  }

  approve({ granted, iat, signature }) {
    const text = [...STATEMENT, `granted:${[...granted].sort()}`, `iat:${iat}`].join("\n");
    const bytes = new Uint8Array(Buffer.from(signature, "base64url"));
    const good = p256.verify(bytes, Buffer.from(text), this.publicKey, { prehash: true, lowS: false });
    if (!good) return [422, { code: "identity.device_proof_invalid", title: "设备签名无效，请重试。" }];
    this.view = { ...this.view, state: "approved" };
    return [200, this.view];
  }
}
