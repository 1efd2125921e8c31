/** A refused code: `code` is one of the permanent codes of the protocol. */
export class Refusal extends Error {
  constructor(code, detail = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.name = "Refusal";
    this.code = code;
  }
}

export const malformed = (detail) => new Refusal("credential.malformed", detail);
