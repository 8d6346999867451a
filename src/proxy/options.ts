/** What the data path needs to know. The configuration fills it. */
export interface ProxyOptions {
  /** Addresses of Elasticsearch: scheme, host and port; credentials in them count as `upstream.auth`. */
  readonly nodes: readonly URL[];
  /** Address to listen on. */
  readonly host: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Present when clients speak TLS. */
  readonly tls?: ListenerTls | undefined;
  readonly upstream: UpstreamOptions;
  readonly limits: ProxyLimits;
  /** Whether plain requests are read without node:http (default). False is for tests, which compare the two. */
  readonly fastPath?: boolean | undefined;
}

export interface ListenerTls {
  /** PEM. */
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  readonly passphrase?: string | undefined;
  /** PEM of the authorities that client certificates must come from. */
  readonly ca?: string | Buffer | undefined;
  /** Whether a client must show a certificate. */
  readonly clientCertificate?: 'none' | 'required' | undefined;
}

export interface UpstreamOptions {
  /**
   * Longest wait for a free connection, for the head of an answer, and between two pieces of its body, in ms; 0: none.
   * Never for bulk and scroll.
   */
  readonly timeoutMs: number;
  /** Longest wait for a connection, in ms (5,000 where absent). */
  readonly connectTimeoutMs?: number | undefined;
  /** Most connections to one node. */
  readonly connections: number;
  /** `Host` of what goes on: the client's own (default), or the name of the node, for one that is routed by it. */
  readonly host?: 'client' | 'node' | undefined;
  /** Sent where the client sends no `Authorization`. */
  readonly auth?: UpstreamAuth | null | undefined;
  readonly tls?: UpstreamTls | undefined;
}

export type UpstreamAuth =
  | { readonly username: string; readonly password: string }
  | { readonly apiKey: string }
  | { readonly bearer: string };

export interface UpstreamTls {
  /** PEM of the authority that signed Elasticsearch's certificate. */
  readonly ca?: string | Buffer | undefined;
  /** PEM of the proxy's own certificate and key, where Elasticsearch asks for one. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  readonly passphrase?: string | undefined;
  /** Whether the certificate is checked (default) or not. */
  readonly rejectUnauthorized?: boolean | undefined;
}

export interface ProxyLimits {
  /** Most requests at a time; more get 429. */
  readonly inFlight: number;
  /** Longest body, as it comes and inflated, in bytes; a longer one gets 413. */
  readonly bodyBytes: number;
  /** Longest wait for a whole head, and for the first byte of a connection, in ms (60,000 where absent); then 408. */
  readonly headMs?: number | undefined;
  /**
   * Longest silence of a client, in ms (60,000 where absent; 0: any): that sends nothing more of a body that must be read,
   * then it gets 429; or takes nothing more of its answer, then it is cut off. A body that streams through may take its time
   * for as long as nobody waits for its connection to Elasticsearch.
   */
  readonly silenceMs?: number | undefined;
  /**
   * Fewest bytes a second of a body, over `silenceMs`, whose place others want (240 where absent; 0: any): a slower one gives
   * way, and gets 429. Where nobody waits or is refused, a body may come as slowly as it likes.
   */
  readonly leastBytesPerSecond?: number | undefined;
  /** Most bytes of bodies that all requests together keep in memory; beyond it a request that must be read gets 429, or 413 where it alone needs more. */
  readonly bufferedBytes: number;
}
