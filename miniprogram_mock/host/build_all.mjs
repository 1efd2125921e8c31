/** `npm run build`: the mini-program's host, the WeChat package, the kiosk's bundle, other files. */
import { cp, mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const OUT = path.join(ROOT, "build/web");

async function exists(file) {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function vendor() {
  const folder = path.join(OUT, "vendor");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const modules = path.join(ROOT, "node_modules");
  await cp(path.join(modules, "htmx.org/dist/htmx.min.js"), path.join(folder, "htmx.min.js"));
  await cp(path.join(modules, "axe-core/axe.min.js"), path.join(folder, "axe.min.js"));
}

const started = performance.now();
await vendor();
for (const script of ["miniprogram_mock/host/build.mjs", "app/web/kiosk/build.mjs", "app/web/login/build.mjs"]) {
  const file = path.join(ROOT, script);
  if (!(await exists(file))) continue;
  const { default: build } = await import(pathToFileURL(file).href);
  if (typeof build === "function") await build();
}
process.stdout.write(`built in ${Math.round(performance.now() - started)} ms\n`);
