// Builds the login page's script into build/web/login/ (or the folder given).
import { mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "../../..");

/** Bundle the script with the QR encoder. */
export default async function buildLogin(out = join(ROOT, "build/web/login")) {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await build({
    entryPoints: [join(HERE, "src/login.js")],
    outfile: join(out, "login.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "chrome109",
    legalComments: "linked",
    charset: "utf8",
    logLevel: "warning",
  });
}
