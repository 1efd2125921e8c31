/**
 * Compiles the native mini-program for the browser host (build/web/mp) and puts the package for
 * WeChat together (build/weapp): the same source, with the npm packages in miniprogram_npm.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import esbuild from "esbuild";

import { toBrowserCss } from "./wxss.mjs";
import { toBrowserMarkup } from "./wxml.mjs";

const require = createRequire(import.meta.url);
const { TmplGroup } = require("glass-easel-template-compiler");

const HOST = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HOST, "../..");
const SOURCE = path.join(ROOT, "miniprogram_mock/miniprogram");
const OUT = path.join(ROOT, "build/web/mp");
const WEAPP = path.join(ROOT, "build/weapp");
const PACKAGES = ["@noble/curves/nist.js", "@noble/hashes/sha2.js", "@noble/hashes/hmac.js", "qr"];
const TABS = "custom-tab-bar/index";

async function listing(folder, ending) {
  const names = await readdir(folder, { recursive: true });
  return names
    .map((name) => name.split(path.sep).join("/"))
    .filter((name) => name.endsWith(ending))
    .sort();
}

const json = async (file) => JSON.parse(await readFile(path.join(SOURCE, file), "utf8"));

async function templates(components) {
  const group = new TmplGroup();
  for (const name of components) {
    const markup = await readFile(path.join(SOURCE, `${name}.wxml`), "utf8");
    group.addTmpl(name, toBrowserMarkup(markup));
  }
  return group.getTmplGenObjectGroups();
}

/** The module that the host starts from: settings, templates, and every file as WeChat loads it. */
async function entry(components) {
  const app = await json("app.json");
  const rows = [];
  for (const name of components) {
    const settings = JSON.stringify(await json(`${name}.json`));
    const file = JSON.stringify(path.join(SOURCE, `${name}.js`));
    rows.push(`{ path: ${JSON.stringify(name)}, settings: ${settings}, load: () => require(${file}) }`);
  }
  return [
    `export const app = ${JSON.stringify(app)};`,
    `export const tabs = ${JSON.stringify(TABS)};`,
    `export const groups = (() => { return ${await templates(components)} })();`,
    `export const components = [\n${rows.join(",\n")}\n];`,
    `export const loadApp = () => require(${JSON.stringify(path.join(SOURCE, "app.js"))});`,
  ].join("\n");
}

async function styles(components) {
  const files = ["app.wxss", ...components.map((name) => `${name}.wxss`)];
  const sheets = await Promise.all(
    files.map((file) => readFile(path.join(SOURCE, file), "utf8").catch(() => "")),
  );
  const own = await readFile(path.join(HOST, "host.css"), "utf8");
  const { code } = await esbuild.transform(`${own}\n${sheets.map(toBrowserCss).join("\n")}`, {
    loader: "css",
    minify: true,
    target: "chrome100",
  });
  return code;
}

function generated(contents) {
  return {
    name: "generated",
    setup(build) {
      build.onResolve({ filter: /^virtual:miniprogram$/ }, () => ({ path: "mp", namespace: "mp" }));
      build.onLoad({ filter: /.*/, namespace: "mp" }, () => ({ contents, resolveDir: SOURCE, loader: "js" }));
    },
  };
}

async function buildHost(components) {
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  await esbuild.build({
    entryPoints: { main: path.join(HOST, "src/main.js") },
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    target: "es2022",
    outdir: OUT,
    chunkNames: "chunk-[hash]",
    plugins: [generated(await entry(components))],
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    logLevel: "warning",
  });
  await writeFile(path.join(OUT, "main.css"), await styles(components));
  await cp(path.join(HOST, "index.html"), path.join(OUT, "index.html"));
  await cp(path.join(HOST, "icon.svg"), path.join(OUT, "icon.svg"));
  const wasm = "zxing-wasm/dist/reader/zxing_reader.wasm";
  await cp(path.join(ROOT, "node_modules", wasm), path.join(OUT, "zxing_reader.wasm"));
}

/** What "构建 npm" does in WeChat's tools: each required package as one CommonJS file. */
async function buildWeapp() {
  await rm(WEAPP, { recursive: true, force: true });
  await cp(SOURCE, WEAPP, { recursive: true, filter: (file) => !file.includes(`${path.sep}tests`) });
  for (const name of PACKAGES) {
    const file = name.endsWith(".js") ? name : `${name}/index.js`;
    await esbuild.build({
      entryPoints: [require.resolve(name)],
      bundle: true,
      format: "cjs",
      platform: "neutral",
      target: "es2020",
      outfile: path.join(WEAPP, "miniprogram_npm", file),
      logLevel: "warning",
    });
  }
  const base = process.env.LVZ_API_BASE;
  if (base) {
    const file = path.join(WEAPP, "utils/config.js");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('API_BASE: ""', `API_BASE: ${JSON.stringify(base)}`));
  }
}

export default async function build() {
  const components = (await listing(SOURCE, ".wxml")).map((name) => name.slice(0, -5));
  await buildHost(components);
  await buildWeapp();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
