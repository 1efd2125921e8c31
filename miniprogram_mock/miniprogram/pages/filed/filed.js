"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const ui = require("../../utils/ui");
const words = require("../../utils/filing_words");

const when = (at) => format.dayAndTime(at, clock.now());
const day = (text) => format.date(`${text}T00:00:00+08:00`);

Page(
  ui.withUi({
    data: { found: null, card: null, steps: [], receipt: null, fee: null, fresh: false, paying: false, proof: "", problem: "", busy: false },

    onLoad({ id, fresh }) {
      this.id = id;
      this.setData({ fresh: fresh === "1" });
      return this.load();
    },

    async load() {
      try {
        const found = await api.filing(this.id);
        const [newest] = found.receipts;
        this.setData({
          found,
          card: words.dressed(found.filing),
          steps: found.steps.map((step, key) => ({ ...step, key, when: when(step.at) })),
          receipt: newest ? { ...newest, when: when(newest.at) } : null,
          fee: found.fee && { ...found.fee, amount: words.money(found.fee.amount_fen), due: day(found.fee.due_on) },
          problem: "",
        });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    async prove() {
      this.setData({ busy: true });
      try {
        const { ledger } = await api.filingReceipt(this.id);
        this.setData({ proof: `已在存证账本第${ledger.index + 1}条登记，任何人都可以核对。` });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    async consent() {
      const yes = await ui.confirm({
        title: "同意诉前调解？",
        content: "法院可以先组织调解，期限三十日；调解不成，自动转回立案。",
        confirmText: "同意",
      });
      if (yes) await this.act(() => api.consentToMediation(this.id, true));
    },

    async withdraw() {
      const yes = await ui.confirm({
        title: "撤回立案申请？",
        content: "撤回后法院不再审查。需要时可以重新提交。",
        confirmText: "撤回",
      });
      if (yes) await this.act(() => api.withdrawFiling(this.id));
    },

    async act(work) {
      this.setData({ busy: true, problem: "" });
      try {
        await work();
        await this.load();
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    async pay() {
      this.setData({ busy: true, problem: "" });
      try {
        const { pay_url: url } = await api.payFee(this.data.fee.id);
        this.setData({ paying: true });
        wx.lvzOpenCashier({ url });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    toCorrect() {
      wx.redirectTo({ url: `/pages/filing/filing?id=${this.id}` });
    },

    toCase() {
      wx.navigateTo({ url: `/pages/case/case?id=${this.data.card.case_id}` });
    },

  }),
);
