"use strict";

const ui = require("../../utils/ui");

Page(ui.withUi({ data: {} }));
