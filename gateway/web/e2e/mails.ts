import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { expect } from 'vitest';
import { logins, mail } from './demo.ts';
import { call, createTicket } from './desk.ts';

/** Somebody who gets copies, and has no account. */
export const cc = 'cto@brickyard.example';

/** A mail that the demo has sent, as its header has it. */
export interface Letter {
  replyTo: string;
  /** Whom errors go to. */
  returnPath: string;
  messageId: string;
  subject: string;
  /** The link by which a CC gets no more copies. */
  stopLink: string;
}

/** Mails that came in, as far as tests look at them. */
interface Inbound {
  id: string;
  verdict: string;
  sender: string;
}

/** Has a mail server deliver a mail. */
export async function deliver(from: string, to: string, text: string): Promise<void> {
  const socket = net.connect(mail.port, '127.0.0.1');
  const lines = readline.createInterface({ input: socket })[Symbol.asyncIterator]();
  const step = async (code: string, command?: string) => {
    if (command) socket.write(`${command}\r\n`);
    let line = '';
    do {
      line = String((await lines.next()).value);
    } while (/^\d{3}-/.test(line));
    if (!line.startsWith(code)) throw new Error(`${command}: ${line}`);
  };
  try {
    await step('220');
    await step('250', 'EHLO mx.example');
    await step('250', `MAIL FROM:<${from}>`);
    await step('250', `RCPT TO:<${to}>`);
    await step('354', 'DATA');
    await step('250', `${text.trim().replaceAll(/\r?\n/g, '\r\n')}\r\n.`);
    await step('221', 'QUIT');
  } finally {
    socket.destroy();
  }
}

/** The newest mail about a ticket to an address that says something, which may be on its way still. */
export async function letterTo(address: string, ticket: string, says = ''): Promise<Letter> {
  let found: Letter | undefined;
  const look = () => {
    found = sent()
      .filter((raw) => raw.includes(says))
      .map((raw) => raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' '))
      .filter((header) => field(header, 'To').includes(address))
      .map((header) => ({
        replyTo: inBrackets(field(header, 'Reply-To')),
        returnPath: inBrackets(field(header, 'Return-Path')),
        messageId: field(header, 'Message-ID'),
        subject: field(header, 'Subject'),
        stopLink: /<(https?:[^>]*)>/.exec(field(header, 'List-Unsubscribe'))?.[1] ?? '',
      }))
      .find(({ subject }) => subject.includes(`[#${ticket}]`));
    return found;
  };
  await expect.poll(look, { interval: 200, message: `a mail to ${address}` }).toBeTruthy();
  return found as Letter;
}

/** What was sent, the newest first. */
function sent(): string[] {
  return fs
    .readdirSync(mail.outbox)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => path.join(mail.outbox, name))
    .map((file) => ({ file, at: fs.statSync(file).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .map(({ file }) => fs.readFileSync(file, 'utf8'));
}

function field(header: string, name: string): string {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(header)?.[1]?.trim() ?? '';
}

function inBrackets(address: string): string {
  return /<(.*)>/.exec(address)?.[1] ?? address;
}

/** A ticket of the customer with a CC, which an agent has answered. */
export async function answeredTicket(subject: string, copied = cc): Promise<string> {
  const number = await createTicket(subject, { ccs: [{ email: copied }] });
  await call('agent', 'POST', `/v1/tickets/${number}:reply`, { body: 'Did you purge the cache?' });
  return number;
}

let answers = 0;

/** What somebody answers to a mail. */
export function answerTo({ replyTo, subject, messageId }: Letter, from: string, text: string): string {
  return `From: ${from}
To: ${replyTo}
Subject: Re: ${subject}
Message-ID: <answer-${++answers}-${process.pid}@elsewhere.example>
In-Reply-To: ${messageId}
Date: Mon, 30 Nov 2026 09:00:00 +0000

${text}`;
}

/** What a mail server says of a mail that it cannot deliver. */
export function bounceOf({ returnPath, messageId }: Letter, address: string): string {
  return `From: MAILER-DAEMON@mx.example
To: ${returnPath}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-${++answers}-${process.pid}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ${address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: text/rfc822-headers

Message-ID: ${messageId}
--b--`;
}

/** The mails about a ticket that came in, once so many were examined. */
export async function examined(ticket: string, n: number): Promise<Inbound[]> {
  let mails: Inbound[] = [];
  const look = async () => {
    const path = `/v1/inboundMails?ticket=${ticket}`;
    mails = (await call<{ inboundMails: Inbound[] }>('agent', 'GET', path)).inboundMails;
    return mails.filter(({ verdict }) => verdict !== 'waiting').length;
  };
  await expect.poll(look, { interval: 200, message: 'mails that came in' }).toBe(n);
  return mails;
}

export const stranger = 'eve@elsewhere.example';

/** The id of a mail in the quarantine: of somebody who has got hold of the customer's copy. */
export async function heldMail(subject: string): Promise<string> {
  const number = await answeredTicket(subject);
  const letter = await letterTo(logins.customer.email, number);
  await deliver(stranger, letter.replyTo, answerTo(letter, `Eve <${stranger}>`, 'Please close it.'));
  const [held] = await examined(number, 1);
  return held?.id ?? '';
}
