/** SHA-256 and HMAC-SHA-256. WeChat's base library offers neither, so @noble/hashes does. */
"use strict";

const { sha256 } = require("@noble/hashes/sha2.js");
const { hmac } = require("@noble/hashes/hmac.js");

module.exports = { sha256, hmacSha256: (key, message) => hmac(sha256, key, message) };
