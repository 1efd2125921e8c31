// 督察台: a box that the server's sealed_box.py made, opened as the inspector's browser does.
import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "../../../app/web/static/discipline.js";

// Keys of the scalars 123456789 and 987654321, in PKCS #8 without their PEM frame.
const KEY =
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAdbzRWhRANCAAT7UDiPKUmNCpOtJexMNAN7nTzDzKR4frb+2r4rMAPqyJ93ZcqdYojm/3NPXNCPOlkhz1SyG7OYtQrA0ld/oHRy";
const OTHER =
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADreaLGhRANCAAThOAC+r2p97eTd34dOStzCcb8Gnoz8LF75iQhL7DOyYBZXJDSaN32jbjV6ec9zPNJM4SmBvZoZZ1sIsdNu1WgB";
const BOX = Uint8Array.from(
  atob(
    "AQQlSiEOgG2QDSB91+bIatJKpsNO3WCTM0KbNtV6NDWNRnEI2dUX4oexQLN/9bpy3O4pT41kkLsgD7zMqQMxJisOAgICAgICAgICAgICn99p/fHvXoHufdCHR4XBkIWAdFizebOx/QISuQqC2NsldT8hngjStQYSP8zkflJNwDSMUqjE7+YqU6A8LUnedS6H5GYdHh5yzmcQA+wXee2ggJ55o5pzzfzOEqT2Nv+tV3BpH7AHF2GeY9FlUqrMtmUG1RkcaA8oEmhI8828ke0umKq1jTdjZ/HAlix8TWBFu93vq0pQt+DU5YOl2U/297dG44RLYAOLbbj5MlJ0ndR87E/yoXDFdXRYRMy1iyd9DETynuA99ult9dAJYxzFogcfVe0Xn0genHWxRTAq4RCsoDYjt3HLwKR2rkaU1jJrryUtIOYWid92PmNK/p3SrTck2ikgG6sF0yPCencIHATqEehBFKVEF5hsdm2NzBXp0sJ7doh/v00QrVAgtAx1NU6PlYT9YF7yPia4TbaEti9+A2vTwGMyUN4dNibLnau9xzCxzoMxDy5egwwHqQZyAt7/jp4KhikCqxsdCGjjynLNGOIFLl37YpLyLMgvHuasGewE2dgx+sCX94hvnvRfDZ6hab7xGw5KwjQwqdbSCJJtvC5S6/FC+2Cfm/QH11wZS5M9RYStiSrZKsEL1hUtDNsbnnArEqj2tyDfuPh7E0Nw3jM/x3EiTQKW48od3H6x18QRaZel4iUrygHyFuoXTfRESo3JaIE4DjNE4udrd2raMSTzyA7ZuHq+1Ibu+kshyHwkwrWNKDyXA9wPy6AspTEWcf3rtKgI+d7hiTnKv3pDMlXqYbxH7x/F0jgELTst3VqAhypjXwg32AhxrMTq4lcUSVx+LpS6qRhyRjptO/QiJeAJIJGToyOajW+Pi1Kh9gt6Umb6wdjQFu6mwCtkEWP9Rn7ZA4sTUtImK+gjSBaDsscgvaQ4lcL4GuG1+QmOvyi6MiCt1TPoyv8sqiLACGGIWqZ2Fg5RMBjB8coJcA77NOz8nVwbfx1fGxv5ncA2xoEtBr0p4LNRwBivXxPbMx/8wg/M0z/n6j6wgRVn2hJMX3Pz83OBXl+xtTh3CAausDHFKEBGk3LfXbhiwGLU8A7C3omjlRjbIhzkJohweilYEnKk8CrV1UkzhH+byNA8IlQuwt6sLnfyR4XPg5ZsYFPk1Ad+N6vQQsS6vB6FLL/GWD1vYyc9m36QdXCNwLuA7wYtuzbYmosjcql16j3cASyDLZXyWfwTTmQQb6O1Vit2zPWJstWVeo90JPM0RUY43GWN+1rj2yjNXXcVPutYCuyxQ27NgRhBc6NsPdlUB67HAWanzBEhIxUTe20jt6vKPBlprI1PVckFIXT9URc1xFfliBN3Zt8EsuxMpSaVAl5r1DaZuiHxwSw23Hb45QbGlNghPtqUH9yscMsRDa8DQe/Ti9rb2Lq7TBJ6ernGbfM=",
  ),
  (c) => c.charCodeAt(0),
);

test("the desk's key opens the box", async () => {
  assert.deepEqual(await open(BOX, KEY, "id-1"), { about: "某", text: "举报内容" });
});

test("another key, another row and another version do not", async () => {
  await assert.rejects(open(BOX, OTHER, "id-1"));
  await assert.rejects(open(BOX, KEY, "id-2"));
  await assert.rejects(open(Uint8Array.of(2, ...BOX.slice(1)), KEY, "id-1"), /version/);
});
