/** A refusal of the control plane, sent as `{code, message}`: clients read the code in the body, not the HTTP status. */
export class ApiFault extends Error {
  readonly status: number;
  /** Whole seconds; clients retry by themselves only when it is there. */
  readonly retryAfterS: number | undefined;

  constructor(status: number, message: string, retryAfterS?: number) {
    super(message);
    this.name = 'ApiFault';
    this.status = status;
    this.retryAfterS = retryAfterS;
  }

  static sandboxNotFound(id: string): ApiFault {
    return new ApiFault(404, `sandbox '${id}' does not exist or has ended`);
  }
}
