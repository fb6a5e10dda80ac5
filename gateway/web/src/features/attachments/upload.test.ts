import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { onSessionEnd } from '../../api/client.ts';
import { upload } from './upload.ts';

let server: Server;
/** What the server answers, and what it was sent. */
let statuses: number[] = [];
let received: { path: string; body: string }[] = [];

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    received.push({ path: request.url ?? '', body: await bodyOf(request) });
    const status = statuses.shift() ?? 200;
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? { id: 'a1', filename: 'x.txt' } : { reason: 'TOKEN_REVOKED' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(`http://127.0.0.1:${port}/`);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  statuses = [];
  received = [];
});
afterEach(() => onSessionEnd(undefined));

const file = new File(['some bytes'], 'x.txt');
const sent = { path: '/v1/attachments?filename=x.txt', body: 'some bytes' };

it('waits for a new login when the session has ended, and sends the file again', async () => {
  statuses = [401, 200];
  let back = () => {};
  const renew = vi.fn(() => new Promise<void>((resolve) => (back = resolve)));
  onSessionEnd(renew);
  const { done } = upload(file, () => {});
  await vi.waitFor(() => expect(renew).toHaveBeenCalledTimes(1));
  expect(received, 'nothing is sent meanwhile').toEqual([sent]);
  back();
  expect(await done).toMatchObject({ id: 'a1' });
  expect(received).toEqual([sent, sent]);
});

it('sends nothing more when it was cancelled meanwhile', async () => {
  statuses = [401];
  let back = () => {};
  const renew = vi.fn(() => new Promise<void>((resolve) => (back = resolve)));
  onSessionEnd(renew);
  const { done, cancel } = upload(file, () => {});
  await vi.waitFor(() => expect(renew).toHaveBeenCalled());
  cancel();
  back();
  await expect(done).rejects.toMatchObject({ status: 401 });
  expect(received).toEqual([sent]);
});

it('fails where nobody can be asked, and of all else at once', async () => {
  statuses = [401, 413];
  await expect(upload(file, () => {}).done).rejects.toMatchObject({ status: 401, reason: 'TOKEN_REVOKED' });
  const renew = vi.fn(async () => {});
  onSessionEnd(renew);
  await expect(upload(file, () => {}).done).rejects.toMatchObject({ status: 413 });
  expect(renew).not.toHaveBeenCalled();
  expect(received).toHaveLength(2);
});

it('does not ask twice', async () => {
  statuses = [401, 401];
  onSessionEnd(async () => {});
  await expect(upload(file, () => {}).done).rejects.toMatchObject({ status: 401 });
  expect(received).toHaveLength(2);
});
