/** Answers by path that nobody has asked for yet; undefined where a path was not worth asking. */
const answers = new Map<string, Promise<Response | undefined>>();

/** Asks what every page begins with. /v1/me waits for the site, which knows whether there is a session to ask for. */
export function askAhead(paths: ('/v1/site' | '/v1/me')[]): void {
  const site = fetch('/v1/site');
  keep('/v1/site', site);
  if (!paths.includes('/v1/me')) return;
  const known = site.then((answer) => answer.clone().json()) as Promise<{ hasSession?: boolean }>;
  keep(
    '/v1/me',
    known.then(({ hasSession }) => (hasSession ? fetch('/v1/me') : undefined)),
  );
}

function keep(path: string, answer: Promise<Response | undefined>): void {
  answer.catch(() => undefined); // whoever takes it hears of it
  answers.set(path, answer);
}

/** The answer to a request that was sent already: once, as the next one wants to know anew. */
export function takeAhead(request: Request): Promise<Response | undefined> | undefined {
  // A login or logout makes somebody else of who asks.
  if (request.method !== 'GET') answers.clear();
  const path = request.url.slice(window.location.origin.length);
  const answer = answers.get(path);
  answers.delete(path);
  return answer;
}
