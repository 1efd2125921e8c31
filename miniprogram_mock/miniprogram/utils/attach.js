/** A page lets the lawyer choose a file and sends it, saying how far it is. */
"use strict";

const ui = require("./ui");
const upload = require("./upload");

/** A file of a conversation, chosen by the lawyer; null for none. */
const choose = () =>
  new Promise((done) =>
    wx.chooseMessageFile({ count: 1, type: "all", success: ({ tempFiles }) => done(tempFiles[0] || null), fail: () => done(null) }),
  );

/** What is wrong with a file that was not kept, in words. */
const fault = ({ name, fault }) => (fault ? `${name}：${fault.why}${fault.advice}` : `${name}还在检查，请稍后再看。`);

/**
 * Let a file be chosen and send it as a material of a kind; null when there is none in the end.
 * While it is sent `page.data.sending` says so; what goes wrong stands in `page.data.problem`.
 */
async function send(page, kind) {
  const file = await choose();
  if (!file) return null;
  const say = (text) => page.setData({ sending: { kind, text } });
  page.setData({ problem: "" });
  say(`正在上传 ${file.name}…`);
  const progress = ({ sent, size }) => say(sent < size ? `已上传 ${Math.floor((sent / size) * 100)}%` : "正在检查文件…");
  let stored = null;
  try {
    const material = await upload.upload(upload.localFile(file), kind, { progress });
    if (material.state === "stored") stored = material;
    else page.setData({ problem: fault(material) });
  } catch (error) {
    page.setData({ problem: ui.explain(error) });
  }
  page.setData({ sending: null });
  return stored;
}

/** Add a material of a kind to `page.data.files`. */
async function attach(page, kind) {
  const material = await send(page, kind);
  if (material) page.setData({ files: page.data.files.concat({ id: material.id, name: material.name, kind }) });
}

const without = (files, id) => files.filter((file) => file.id !== id);

module.exports = { send, attach, without };
