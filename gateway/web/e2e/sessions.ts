import type { Login, Logins } from './suite.ts';

/** The cookie of everybody's session. A test that ends its session has to log in for one of its own. */
export type Sessions = Record<keyof Logins, { name: string; value: string }>;

export async function logInAll(url: string, logins: Logins): Promise<Sessions> {
  const sessions = Object.entries(logins).map(async ([who, login]) => [who, await logInByApi(url, login)]);
  return Object.fromEntries(await Promise.all(sessions));
}

async function logInByApi(url: string, login: Login) {
  const response = await fetch(`${url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(login),
  });
  const cookie = /^([^=]+)=([^;]+)/.exec(response.headers.getSetCookie()[0] ?? '');
  if (!cookie) throw new Error(`${login.email} cannot log in: ${response.status} ${await response.text()}`);
  return { name: cookie[1] as string, value: cookie[2] as string };
}
