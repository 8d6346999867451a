/** A refusal of the API, with its own reason. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly suggestions: Readonly<Record<string, readonly string[]>> = {},
  ) {
    super(message);
  }
}

const TOKEN = 'territory.token';

/** The admin token that was typed in, for as long as this tab is open; never a cookie. */
export function token(): string | null {
  return sessionStorage.getItem(TOKEN);
}

export function setToken(value: string): void {
  if (value === '') sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, value);
}

/** Asks the API, by a path beside the page. Throws an `ApiError` where it refuses. */
export async function ask<T>(
  path: string,
  { method = 'GET', body, signal }: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  const bearer = token();
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const type = response.headers.get('content-type') ?? '';
  const answer = type.includes('json') ? await response.json() : await response.text();
  if (response.ok) return answer as T;
  const { reason, suggestions } =
    (answer as { error?: { reason?: string; suggestions?: Record<string, string[]> } }).error ?? {};
  throw new ApiError(response.status, reason ?? `${response.status} ${response.statusText}`, suggestions);
}
