/** 演示头像: outside production, a drawn head in place of the camera, on the camera's own path. */

const FRAME = "rig/frame";
const INTERVAL = 100;

let ask = null; // () => {liveness, elapsed_ms}; null: the real camera

async function post(state) {
  const answer = await fetch(FRAME, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(state),
  });
  if (!answer.ok) throw new DOMException("演示头像没有就绪", "NotReadableError");
  return answer.blob();
}

class DemoSource {
  constructor(hand) {
    this.hand = hand;
  }

  async open(element) {
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    element.replaceChildren(this.canvas);
    await this.step();
    this.loop();
  }

  async loop() {
    while (!this.closed) {
      const started = performance.now();
      await this.step().catch(() => null); // a lost picture is a lost picture, as with a camera
      const rest = INTERVAL - (performance.now() - started);
      await new Promise((done) => setTimeout(done, Math.max(0, rest)));
    }
  }

  async step() {
    const capturedAt = performance.now();
    const state = ask?.() ?? { liveness: null, elapsed_ms: 0 };
    const bitmap = await createImageBitmap(await post(state));
    if (this.closed) return;
    if (this.canvas.width !== bitmap.width) this.canvas.width = bitmap.width;
    if (this.canvas.height !== bitmap.height) this.canvas.height = bitmap.height;
    this.context.drawImage(bitmap, 0, 0);
    this.hand(this.canvas, this.context, capturedAt);
  }

  close() {
    this.closed = true;
  }
}

export const demoSource = (hand) => new DemoSource(hand);

export const demoCamera = {
  /** Does the host have it? In production it answers 404, and the page offers nothing. */
  async available() {
    return post({ liveness: null, elapsed_ms: 0 }).then(
      () => true,
      () => false,
    );
  },
  use(state) {
    ask = state;
  },
  release() {
    ask = null;
  },
  wanted: () => ask !== null,
};
