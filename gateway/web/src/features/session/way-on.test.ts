import { expect, it } from 'vitest';
import { wayOn } from './way-on.ts';

it.each(['/', '/tickets/7', '/queue?q=is%3Aopen%20x&order=due#top'])('leads to %j', (next) => {
  expect(wayOn(next)).toBe(next);
});

it('leads to the first page when nothing is named', () => {
  expect(wayOn()).toBe('/');
});

it.each([
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '\t//evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t\\evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  `blob:${window.location.origin}/x`,
  '//[',
  'tickets',
  '',
])('leads nowhere by %j', (next) => {
  expect(wayOn(next)).toBe('/');
});
