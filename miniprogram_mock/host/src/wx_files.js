/** wx.chooseMessageFile and reading what was chosen: a browser's own file chooser stands for it. */
import { settle } from "./wx_core.js";

const chosen = new Map();

function choose() {
  const input = document.createElement("input");
  input.type = "file";
  return new Promise((resolve, reject) => {
    input.addEventListener("cancel", () => reject(new Error("cancel")));
    input.addEventListener("change", () => {
      const tempFiles = [...input.files].map((file) => {
        const path = `lvz-file://${crypto.randomUUID()}`;
        chosen.set(path, file);
        return { path, name: file.name, size: file.size, type: "file", time: file.lastModified };
      });
      resolve({ tempFiles });
    });
    input.click();
  });
}

async function read({ filePath, position = 0, length }) {
  const file = chosen.get(filePath);
  if (!file) throw new Error("no such file or directory");
  const end = length === undefined ? file.size : position + length;
  return { data: await file.slice(position, end).arrayBuffer() };
}

export const files = {
  chooseMessageFile: (options) => settle("chooseMessageFile", options, choose()),
  getFileSystemManager: () => ({ readFile: (options) => settle("readFile", options, read(options)) }),
};
