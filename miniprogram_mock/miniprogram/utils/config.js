/** Where the service is. The browser host serves it at its own origin. */
"use strict";

// WeChat demands an absolute https address from its list of permitted domains; it is put in here
// (or by the build's LVZ_API_BASE) when the package is uploaded.
module.exports = { API_BASE: "" };
