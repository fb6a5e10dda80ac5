import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, data, onSessionEnd } from './client.ts';
import { ApiError } from './problem.ts';

const answer = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers });

const fetched = vi.fn<(request: Request) => Promise<Response>>();

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => {
  vi.unstubAllGlobals();
  onSessionEnd(undefined);
});

const reply = () =>
  api.POST('/v1/tickets/{ticket}:reply', {
    params: { path: { ticket: '7' } },
    body: { body: 'typed', requestId: 'r' },
  });

describe('api', () => {
  it('throws what the server refused', async () => {
    fetched.mockResolvedValue(
      answer(
        400,
        { reason: 'INVALID_FIELD', detail: 'no', fields: [{ path: 'body' }], traceId: 't' },
        { 'Retry-After': '7' },
      ),
    );
    const error = await reply().catch((e) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 400,
      reason: 'INVALID_FIELD',
      message: 'no',
      retryAfter: 7,
      traceId: 't',
      refused: true,
    });
  });

  it('throws when no answer comes, which decides nothing', async () => {
    fetched.mockRejectedValue(new TypeError('Failed to fetch'));
    expect(await reply().catch((e) => e)).toMatchObject({ status: 0, refused: false });
  });

  it('reads an answer of something else on the way', async () => {
    fetched.mockResolvedValue(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    expect(await reply().catch((e) => e)).toMatchObject({ status: 502, reason: '', refused: false });
  });

  it('waits for a new login, and sends the same again', async () => {
    fetched.mockResolvedValueOnce(answer(401, {})).mockResolvedValueOnce(answer(200, { message: { body: 'typed' } }));
    let renewed = () => {};
    onSessionEnd(() => new Promise<void>((resolve) => (renewed = resolve)));
    const sending = reply();
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledTimes(1));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(fetched, 'nothing is sent meanwhile').toHaveBeenCalledTimes(1);
    renewed();
    expect(data(await sending).message?.body).toBe('typed');
    expect(await fetched.mock.calls[1]?.[0].json()).toEqual({ body: 'typed', requestId: 'r' });
  });

  it('lets a wrong password be wrong', async () => {
    fetched.mockResolvedValue(answer(401, { reason: 'CREDENTIALS_INVALID' }));
    const renew = vi.fn(async () => {});
    onSessionEnd(renew);
    const error = await api.POST('/v1/auth/login', { body: { email: 'a', password: 'b' } }).catch((e) => e);
    expect(error).toMatchObject({ status: 401 });
    expect(renew).not.toHaveBeenCalled();
  });
});

describe('what public/early.js has read', () => {
  const address = (path: string) => `${window.location.origin}${path}`;
  const get = (of: typeof import('./client.ts')) => of.api.GET('/v1/tickets').then((result) => result.data);

  async function withEarly() {
    vi.resetModules();
    const read = new Map([[address('/v1/tickets'), Promise.resolve(answer(200, { from: 'early' }))]]);
    window.takeEarly = () => read;
    const client = await import('./client.ts');
    window.takeEarly = undefined;
    fetched.mockImplementation(async () => answer(200, { from: 'server' }));
    return client;
  }

  it('is used once', async () => {
    const client = await withEarly();
    expect(await get(client)).toEqual({ from: 'early' });
    expect(await get(client)).toEqual({ from: 'server' });
  });

  it('answers nothing but what reads', async () => {
    const client = await withEarly();
    const posted = await client.api.POST('/v1/tickets', { body: {} as never });
    expect(posted.data).toEqual({ from: 'server' });
  });

  it.each(['login', 'logout'] as const)('is not for who comes after a %s', async (way) => {
    const client = await withEarly();
    if (way === 'login') await client.api.POST('/v1/auth/login', { body: { email: 'a', password: 'b' } });
    else await client.api.POST('/v1/auth/logout');
    expect(await get(client)).toEqual({ from: 'server' });
  });

  it('is not for who comes after a session that has ended', async () => {
    const client = await withEarly();
    fetched.mockResolvedValueOnce(answer(401, {}));
    await client.api.GET('/v1/me').catch(() => undefined);
    expect(await get(client)).toEqual({ from: 'server' });
  });
});
