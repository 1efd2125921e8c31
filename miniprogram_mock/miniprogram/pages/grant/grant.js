"use strict";

const api = require("../../utils/api");
const grants = require("../../utils/grants");
const receiptWords = require("../../utils/receipt_words");
const ui = require("../../utils/ui");

const LARGEST = 260; // px
const MARGINS = 96;

Page(
  ui.withUi({
    data: { item: null, missing: false, room: LARGEST, rows: [], receipt: "", entry: "", problem: "", busy: false },

    /** id: a grant's; verify: the last part of a confirmation's address. */
    onLoad({ id, verify }) {
      this.test = (item) => (id ? item.id === id : item.verify_url?.endsWith(`/${verify}`));
      this.setData({ room: Math.min(LARGEST, wx.getWindowInfo().windowWidth - MARGINS) });
      return this.load();
    },

    async load() {
      this.setData({ busy: true, problem: "" });
      try {
        const item = await grants.find(this.test);
        this.setData({ item, missing: !item });
        if (item?.receipt_ready) await this.readReceipt(item.id);
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    async readReceipt(id) {
      const whole = await api.receipt(id);
      const { record, ledger } = whole;
      const entry = Number.isInteger(ledger?.index) ? `第 ${ledger.index + 1} 条` : "";
      this.setData({ receipt: JSON.stringify(whole, null, 2), entry, rows: receiptWords.rows(record) });
    },

    copyReceipt() {
      this.copy(this.data.receipt, "回执已复制");
    },
    copyAddress() {
      this.copy(this.data.item.verify_url, "网址已复制");
    },

    copy(data, title) {
      wx.setClipboardData({
        data,
        success: () => wx.showToast({ title, icon: "none" }),
        fail: () => wx.showToast({ title: "没有复制成，请重试", icon: "none" }),
      });
    },

    async end() {
      const { item } = this.data;
      const rest = item.kind === "act" ? "已出具的确认书不受影响，仍可查验。" : "已登录的会立即退出。";
      const yes = await ui.confirm({
        title: "撤回授权？",
        content: `${item.requester.name}立即不能再读取您的信息。${rest}`,
        confirmText: "撤回",
      });
      if (!yes) return;
      this.setData({ busy: true, problem: "" });
      try {
        await grants.end(item.id);
        wx.showToast({ title: "已撤回", icon: "none" });
      } catch (error) {
        this.setData({ problem: ui.explain(error), busy: false });
        return;
      }
      await this.load();
    },
  }),
);
