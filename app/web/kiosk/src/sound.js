/** Short sounds, different for each kind of verdict; never the only signal. */

const TUNES = {
  accepted: [
    [880, 0, 0.12, "sine"],
    [1318, 0.12, 0.22, "sine"],
  ],
  amber: [
    [660, 0, 0.14, "triangle"],
    [660, 0.22, 0.14, "triangle"],
  ],
  refused: [
    [196, 0, 0.22, "sawtooth"],
    [147, 0.26, 0.36, "sawtooth"],
  ],
};
const VOLUME = 0.18;

export class Sound {
  #context = null;

  constructor() {
    this.enabled = true;
  }

  /** Browsers allow sound only after somebody touched the page. */
  unlock() {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") this.#context.resume();
  }

  play(kind) {
    if (!this.enabled || this.#context?.state !== "running") return;
    for (const tone of TUNES[kind]) this.#tone(...tone);
  }

  #tone(frequency, delay, length, type) {
    const from = this.#context.currentTime + delay;
    const tone = new OscillatorNode(this.#context, { frequency, type });
    const gain = new GainNode(this.#context, { gain: VOLUME });
    gain.gain.setValueAtTime(VOLUME, from);
    gain.gain.exponentialRampToValueAtTime(0.001, from + length);
    tone.connect(gain).connect(this.#context.destination);
    tone.start(from);
    tone.stop(from + length);
  }
}
