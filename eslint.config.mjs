import js from "@eslint/js";
import globals from "globals";

const wechat = Object.fromEntries(
  ["wx", "App", "Page", "Component", "Behavior", "getApp", "getCurrentPages"].map((name) => [name, "readonly"]),
);
const shape = {
  // 12 as ESLint counts: it takes every ?., ?? and default value for a branch.
  complexity: ["error", 12],
  "no-irregular-whitespace": ["error", { skipStrings: true, skipTemplates: true }], // U+3000 in sentences
  "max-lines": ["error", 400],
  "max-lines-per-function": ["error", { max: 50, skipComments: true, IIFEs: true }],
  "no-console": "error",
  "no-var": "error",
  "prefer-const": "error",
  eqeqeq: "error",
  "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" }],
};

export default [
  { ignores: ["build/", "node_modules/", ".venv/", "var/", "test-artefacts/", "**/vendor/", "**/*.min.js"] },
  js.configs.recommended,
  { rules: shape },
  {
    files: ["miniprogram_mock/miniprogram/**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      // Only what WeChat's script engine has: no window, no document, no fetch.
      globals: { ...wechat, ...globals["shared-node-browser"], require: "readonly", module: "writable", performance: "readonly" },
    },
  },
  {
    // A page's or component's options are one call; the methods in it are held to the limit.
    files: ["miniprogram_mock/miniprogram/{pages,components,custom-tab-bar}/**/*.js"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    files: ["miniprogram_mock/host/src/**/*.js"],
    languageOptions: { sourceType: "module", globals: globals.browser },
    rules: { "no-console": ["error", { allow: ["error", "warn"] }] },
  },
  { files: ["**/*.mjs", "tests/js/**/*.js"], languageOptions: { sourceType: "module", globals: globals.node } },
  { files: ["app/web/**/*.js"], languageOptions: { sourceType: "module", globals: { ...globals.browser, ...globals.serviceworker, htmx: "readonly" } }, rules: { "no-console": ["error", { allow: ["error", "warn"] }] } },
  { files: ["tests/js/**"], rules: { "max-lines-per-function": "off", complexity: "off" } },
];
