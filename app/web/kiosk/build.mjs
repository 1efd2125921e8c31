// Builds the kiosk page into build/web/kiosk/ (or the folder given).
// Deterministic: the same sources give the same bytes.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "../../..");
const STATIC = resolve(HERE, "../static");
const SHARED = ["tokens.css", "icons.svg", "favicon.svg"];
const require = createRequire(import.meta.url);

const bundle = (entry, out, define = {}) =>
  build({
    entryPoints: [join(HERE, "src", entry)],
    outfile: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: "chrome109",
    legalComments: "linked",
    charset: "utf8",
    define,
    logLevel: "warning",
  });

/** Build the page, its wasm and its service worker into `out`. */
export default async function buildKiosk(out = join(ROOT, "build/web/kiosk")) {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await bundle("app.js", join(out, "kiosk.js"));
  for (const name of ["index.html", "kiosk.css"]) await copyFile(join(HERE, name), join(out, name));
  for (const name of SHARED) await copyFile(join(STATIC, name), join(out, name));
  await copyFile(require.resolve("zxing-wasm/reader/zxing_reader.wasm"), join(out, "zxing_reader.wasm"));
  const files = (await readdir(out)).filter((name) => !name.endsWith(".txt")).sort();
  const digest = createHash("sha256");
  for (const name of files) digest.update(await readFile(join(out, name)));
  const cached = files.map((name) => (name === "index.html" ? "./" : name));
  await bundle("sw.js", join(out, "sw.js"), {
    VERSION: JSON.stringify(digest.digest("hex").slice(0, 16)),
    FILES: JSON.stringify(cached),
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildKiosk(process.argv[2] ? resolve(process.argv[2]) : undefined);
}
