import { describe, expect, it } from 'vitest';
import { faultsOf, piecesOf, redacted, sliceOf } from './redact.ts';

const body = 'Log in as root with hunter2, not Hunter2. hunter2!';
const result = (text: string, passages: string[]) =>
  piecesOf(text, passages)
    .map((piece) => (piece.gone ? redacted : piece.text))
    .join('');

describe('piecesOf', () => {
  it.each([
    ['a passage wherever it stands', body, ['hunter2'], 'Log in as root with [redacted], not Hunter2. [redacted]!'],
    [
      'what overlaps and touches as one',
      body,
      ['as ro', 'root', ' with'],
      'Log in [redacted] hunter2, not Hunter2. hunter2!',
    ],
    ['a passage that overlaps itself', 'aaaa!', ['aaa'], '[redacted]!'],
    ['all of it', 'secret', ['secret'], '[redacted]'],
    ['nothing that is not there', body, ['Root'], body],
    ['nothing for an empty passage', body, [''], body],
    ['nothing of an empty message', '', ['x'], ''],
  ])('takes out %s', (_, text, passages, want) => {
    expect(result(text, passages)).toBe(want);
    expect(
      piecesOf(text, passages)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

describe('sliceOf', () => {
  it.each([
    ['one\ntwo', 4, 7, 'two'],
    ['one\r\ntwo\r\nthree', 4, 7, 'two'],
    ['one\r\ntwo\r\nthree', 2, 9, 'e\r\ntwo\r\nt'],
    ['one\r\ntwo', 0, 7, 'one\r\ntwo'],
    ['a😀b', 1, 3, '😀'],
    ['one', 1, 1, ''],
  ])('%j from %i to %i is %j', (text, start, end, want) => {
    expect(sliceOf(text, start, end)).toBe(want);
  });
});

describe('faultsOf', () => {
  const redaction = { texts: ['hunter2'], attachments: [], reason: 'a password' };
  it.each([
    ['what is whole', redaction, false, {}],
    ['passages of nothing', { ...redaction, texts: [] }, false, { what: 'nothing' }],
    ['a file alone', { ...redaction, texts: [], attachments: ['a'] }, false, {}],
    ['the whole message', { ...redaction, texts: [] }, true, {}],
    ['the whole message, after a passage', redaction, true, {}],
    [
      'the whole message, and a reason that tells a passage',
      { ...redaction, reason: 'hunter2' },
      true,
      { reason: 'repeats' },
    ],
    ['no reason', { ...redaction, reason: ' ' }, false, { reason: 'missing' }],
    ['a reason that tells it', { ...redaction, reason: 'said hunter2' }, false, { reason: 'repeats' }],
  ])('of %s', (_, what, whole, want) => {
    expect(faultsOf(what, whole)).toEqual(want);
  });
});
