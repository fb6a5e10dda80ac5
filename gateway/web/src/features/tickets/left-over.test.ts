import { expect, it } from 'vitest';
import { leftOver } from './left-over.ts';

const file = (id: string) => ({ id, filename: `${id}.log`, size: '4', contentType: 'text/plain' });

it.each([
  ['nothing', 'Hello', 'Hello', ''],
  ['what was added behind', 'Hello', 'Hello\n\nOne more thing', 'One more thing'],
  ['all, when it was rewritten', 'Hello', 'Hi there', 'Hi there'],
  ['nothing, when it was taken away', 'Hello', '', ''],
])('is %s', (_, sent, now, want) => {
  expect(leftOver({ body: sent, files: [] }, { body: now, files: [] })?.body ?? '').toBe(want);
});

it('has the files that came meanwhile', () => {
  const sent = { body: 'See the log', files: [file('a')] };
  expect(leftOver(sent, sent)).toBeUndefined();
  expect(leftOver(sent, { ...sent, files: [file('a'), file('b')] })).toEqual({ body: '', files: [file('b')] });
});
