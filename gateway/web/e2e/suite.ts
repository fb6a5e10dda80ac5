import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Login {
  email: string;
  password: string;
}

export type Logins = Record<'customer' | 'colleague' | 'agent' | 'engineer' | 'admin', Login>;

/** A demo suite of its own, in a directory that goes with it. */
export interface Suite {
  url: string;
  logins: Logins;
  /** Where mails come in, and the folder of those that were sent. */
  mail: { port: number; outbox: string };
  stop(): Promise<void>;
}

const binary = new URL('../../../bin/standalone', import.meta.url).pathname;
const startTimeout = 120_000;

/** Fills a demo and ends it. Its directory is for copies, each of which starts in a moment: to fill one takes long. */
export async function fillDemo(): Promise<string> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'altis-web-'));
  try {
    await ended((await start(directory)).child);
  } catch (error) {
    fs.rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  return directory;
}

/** Starts a suite on a copy of a demo that is filled, with more flags than a demo has. */
export async function startSuite(filled: string, flags: string[] = []): Promise<Suite> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'altis-web-'));
  try {
    fs.cpSync(filled, directory, { recursive: true });
    const { child, url, mailPort } = await start(directory, flags);
    const stop = async () => {
      await ended(child);
      fs.rmSync(directory, { recursive: true, force: true });
    };
    const mail = { port: mailPort, outbox: path.join(directory, 'outbox') };
    return { url, logins: readLogins(path.join(directory, 'demo.txt')), mail, stop };
  } catch (error) {
    fs.rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Starts a demo on ports that it finds free itself, and returns where it says to be once it is ready. */
async function start(
  data: string,
  flags: string[] = [],
): Promise<{ child: ChildProcess; url: string; mailPort: number }> {
  if (!fs.existsSync(binary)) throw new Error('bin/standalone is missing: scripts/build standalone');
  const addresses = ['http', 'grpc', 'ack', 'admin'].map((name) => `--${name}=127.0.0.1:0`);
  const child = spawn(binary, ['--demo', `--data=${data}`, ...addresses, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const announced = new Promise<RegExpExecArray>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        const match = /^Altis Support demo: (\S+) .* mails on \S+:(\d+);/m.exec(output);
        if (match) resolve(match);
      });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
    setTimeout(() => reject(new Error('it is not ready in time')), startTimeout).unref();
  });
  try {
    const [, url = '', mailPort] = await announced;
    return { child, url, mailPort: Number(mailPort) };
  } catch (error) {
    await ended(child);
    throw new Error(`the suite does not start: ${error}\n${output}`);
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
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
