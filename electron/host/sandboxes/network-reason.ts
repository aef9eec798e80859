// Says in words why a request had no answer.

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at the address',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'the name of the host is unknown (DNS)',
  EAI_AGAIN: 'the name of the host could not be looked up (DNS)',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'the host did not accept a connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'the host did not accept a connection in time',
  CERT_HAS_EXPIRED: "the host's certificate has expired (TLS)",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the host's certificate is signed by itself (TLS)",
  SELF_SIGNED_CERT_IN_CHAIN: "the host's certificate is signed by itself (TLS)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the host's certificate cannot be verified (TLS)",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the host's certificate cannot be verified (TLS)",
  ERR_TLS_CERT_ALTNAME_INVALID: "the host's certificate is for another name (TLS)",
  ERR_SSL_WRONG_VERSION_NUMBER: 'the host does not speak TLS; is it http:?',
  EPROTO: 'the host does not speak TLS; is it http:?',
};

/** Finds the reason in what `fetch` threw and explains the system's codes; null when it is not from the network. */
export function networkReason(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
    const meaning = code === null ? undefined : words[code];
    if (code !== null && meaning !== undefined) return `${meaning} (${cause.message || code})`;
  }
  // `fetch` itself says no more than that it failed.
  return error instanceof TypeError && error.cause instanceof Error ? error.cause.message : null;
}
