import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface Login {
  email: string;
  password: string;
}

export type Logins = Record<'customer' | 'colleague' | 'agent' | 'engineer' | 'admin', Login>;

/** A demo suite of its own, on free ports and in a directory that goes with it. */
export interface Suite {
  url: string;
  logins: Logins;
  stop(): Promise<void>;
}

const root = new URL('../../../', import.meta.url).pathname;
const startTimeout = 120_000;

export async function startSuite(): Promise<Suite> {
  const binary = path.join(root, 'bin/standalone');
  if (!fs.existsSync(binary)) throw new Error('bin/standalone is missing: scripts/build standalone');
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'altis-web-'));
  const ports = await freePorts(4);
  const address = ports.map((port) => `127.0.0.1:${port}`);
  const flags = ['http', 'grpc', 'ack', 'admin'].map((name, n) => `--${name}=${address[n]}`);
  const child = spawn(binary, ['--demo', `--data=${path.join(directory, 'data')}`, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
  const stop = async () => {
    await ended(child);
    fs.rmSync(directory, { recursive: true, force: true });
  };
  try {
    const url = `http://localhost:${ports[0]}`;
    await ready(url, child);
    return { url, logins: readLogins(path.join(directory, 'data/demo.txt')), stop };
  } catch (error) {
    await stop();
    throw new Error(`the suite does not start: ${error}\n${output.join('')}`);
  }
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startTimeout;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const response = await fetch(`${url}/v1/site`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it is not ready in time');
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

async function freePorts(n: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: n },
      () =>
        new Promise<net.Server>((resolve) => {
          const server = net.createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function readLogins(file: string): Logins {
  const text = fs.readFileSync(file, 'utf8');
  const find = (pattern: RegExp) => {
    const [, email = '', password = ''] = pattern.exec(text) ?? [];
    if (!email) throw new Error(`${file} has no login that matches ${pattern}`);
    return { email, password };
  };
  return {
    customer: find(/^login: (priya\S*) +(\S+)/m),
    colleague: find(/^login: (sam\S*) +(\S+)/m), // of the same organization
    agent: find(/^login: (jonas\S*) +(\S+)/m),
    engineer: find(/^login: (ada\S*) +(\S+)/m),
    admin: find(/^login: (elif\S*) +(\S+)/m),
  };
}
