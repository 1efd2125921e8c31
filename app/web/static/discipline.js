/**
 * Opens a sealed report with the discipline desk's own key file. The key stays in this page.
 * The box is described in app/court/feedback/rules/sealed_box.py.
 */
const INFO = new TextEncoder().encode("lvz misconduct report v1");
const P256 = { name: "ECDH", namedCurve: "P-256" };
const NAMES = { about: "被举报人", text: "举报内容", contact: "联系方式", name: "举报人", licence_no: "执业证号" };

function der(pem) {
  const body = pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
  return Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
}

export async function open(box, pem, context) {
  if (box[0] !== 1) throw new Error("version");
  const point = box.slice(1, 66);
  const key = await crypto.subtle.importKey("pkcs8", der(pem), P256, false, ["deriveBits"]);
  const theirs = await crypto.subtle.importKey("raw", point, P256, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, key, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derived = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: point, info: INFO },
    secret,
    { name: "AES-GCM", length: 256 },
    false,
    ["decrypt"],
  );
  const additionalData = new TextEncoder().encode(context);
  const cipher = { name: "AES-GCM", iv: box.slice(66, 78), additionalData };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(cipher, derived, box.slice(78))));
}

function show(words, list) {
  const parts = Object.entries(NAMES).filter(([name]) => words[name]);
  list.replaceChildren(
    ...parts.flatMap(([name, label]) => {
      const [term, said] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = label;
      said.textContent = words[name];
      return [term, said];
    }),
  );
  list.hidden = false;
}

async function opened(section, file) {
  const { report, token } = section.dataset;
  const answer = await fetch(`/workbench/discipline/${report}/box`, { method: "POST", headers: { "X-Form-Token": token } });
  if (!answer.ok) throw new Error("box");
  return open(new Uint8Array(await answer.arrayBuffer()), await file.text(), report);
}

const section = globalThis.document?.querySelector("[data-report]");
section?.querySelector("#key").addEventListener("change", async (event) => {
  const problem = section.querySelector("#report-problem");
  const [file] = event.target.files;
  if (!file) return;
  problem.textContent = "正在打开…";
  try {
    show(await opened(section, file), section.querySelector("#report-words"));
    problem.textContent = "";
  } catch {
    problem.textContent = "没有打开。请确认是本部门的私钥文件，并检查网络。";
  }
});
