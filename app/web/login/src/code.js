/** The code on the screen as one SVG path: drawn here, because it changes every few seconds. */
import encodeQR from "qr";

const QUIET = 4;
const SVG = "http://www.w3.org/2000/svg";

/** Draw `text` into an <svg>. */
export function drawCode(svg, text) {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  const runs = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", runs.join(""));
  svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  svg.replaceChildren(path);
}
