/** The page stack: pages below the top stay alive, tab pages stay alive until a relaunch. */
import { fire } from "./events.js";

const LIMIT = 10;

export class PageStack {
  /** open(path) → {root, element}; each page gets its element inside `stage`. */
  constructor({ app, components, stage, bar, open, openTabs }) {
    Object.assign(this, { app, stage, bar, open, openTabs });
    this.settings = new Map(components.map(({ path, settings }) => [path, settings]));
    this.tabPaths = app.tabBar.list.map(({ pagePath }) => pagePath);
    this.pages = [];
    this.kept = new Map(); // tab pages that are not on the stack now
    this.bar.back.addEventListener("click", () => history.back());
    addEventListener("popstate", ({ state }) => this.popTo(state?.depth ?? 1));
    document.addEventListener("visibilitychange", () => this.visible(!document.hidden));
  }

  get top() {
    return this.pages[this.pages.length - 1];
  }

  current() {
    return this.pages.map(({ caller }) => caller);
  }

  resolve(url) {
    const [path, query = ""] = url.replace(/^\//, "").split("?");
    if (!this.app.pages.includes(path)) throw new Error(`page not found: ${path}`);
    return { path, query: Object.fromEntries(new URLSearchParams(query)) };
  }

  create({ path, query }) {
    const element = document.createElement("div");
    element.className = "lvz-page";
    this.stage.append(element);
    const page = { path, query, element, fresh: true };
    page.root = this.open(path, element, (caller) => {
      page.caller = caller;
      Object.assign(caller, { route: path, options: query });
    });
    return page;
  }

  show(page) {
    page.element.hidden = false;
    if (page.fresh) {
      page.fresh = false;
      page.caller.onLoad?.(page.query);
      if (this.tabPaths.includes(page.path)) page.tabs = this.openTabs(page.element);
    }
    page.caller.onShow?.();
    if (!page.ready) {
      page.ready = true;
      page.caller.onReady?.();
    }
    this.title(page);
  }

  title(page) {
    const title = this.settings.get(page.path).navigationBarTitleText;
    document.title = title;
    this.bar.title.textContent = title;
    this.bar.back.hidden = this.pages.length < 2;
    scrollTo(0, page.scroll ?? 0);
    this.bar.title.focus({ preventScroll: true });
  }

  hide(page) {
    page.scroll = scrollY;
    page.caller.onHide?.();
    page.element.hidden = true;
  }

  destroy(page) {
    page.caller.onUnload?.();
    page.tabs?.release();
    page.root.release();
    page.element.remove();
  }

  navigateTo(url) {
    const target = this.resolve(url);
    if (this.tabPaths.includes(target.path)) throw new Error("navigateTo: a tab page");
    if (this.pages.length >= LIMIT) throw new Error("navigateTo: more than ten pages");
    this.hide(this.top);
    this.push(target);
    history.pushState({ depth: this.pages.length }, "");
  }

  push(target) {
    const page = this.create(target);
    this.pages.push(page);
    this.show(page);
  }

  redirectTo(url) {
    const target = this.resolve(url);
    this.destroy(this.pages.pop());
    this.push(target);
  }

  reLaunch(url) {
    const target = this.resolve(url);
    this.clear(() => false);
    for (const page of this.kept.values()) this.destroy(page);
    this.kept.clear();
    this.push(target);
  }

  switchTab(url) {
    const target = this.resolve(url);
    if (!this.tabPaths.includes(target.path)) throw new Error("switchTab: not a tab page");
    if (this.top?.path === target.path) return;
    this.clear((page) => this.tabPaths.includes(page.path));
    const kept = this.kept.get(target.path);
    if (!kept) return this.push(target);
    this.kept.delete(target.path);
    this.pages.push(kept);
    return this.show(kept);
  }

  /** Empty the stack; pages that `keep` names are set aside alive. */
  clear(keep) {
    const top = this.top;
    for (const page of this.pages.splice(0)) {
      if (keep(page)) {
        if (page === top) this.hide(page);
        this.kept.set(page.path, page);
      } else this.destroy(page);
    }
    history.replaceState({ depth: 1 }, "");
  }

  navigateBack(delta = 1) {
    history.go(-Math.min(delta, this.pages.length - 1));
  }

  popTo(depth) {
    if (depth >= this.pages.length) return;
    while (this.pages.length > Math.max(1, depth)) this.destroy(this.pages.pop());
    this.show(this.top);
  }

  visible(shown) {
    if (!this.top) return;
    if (shown) this.top.caller.onShow?.();
    else this.top.caller.onHide?.();
  }

  fireAt(element, name, detail) {
    fire(element, name, detail);
  }
}
