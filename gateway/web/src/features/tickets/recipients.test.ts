import { expect, it } from 'vitest';
import type { Person } from '../../api/types.ts';
import { recipientsOf } from './recipients.ts';

const person = (email: string, id = '', name = ''): Person => ({ id, name, email, staff: false });
const priya = person('priya@brickyard.example', 'p', 'Priya Raman');
const author = { id: 'j', email: 'Jonas@altis.example' };
const emails = (requester: Person | undefined, ccs: Person[]) =>
  recipientsOf({ ...(requester && { requester }), ccs }, author).map(({ email }) => email);

it('is the requester first, then the CCs', () => {
  expect(recipientsOf({ requester: priya, ccs: [person('cto@brickyard.example')] }, author)).toEqual([
    { name: 'Priya Raman', email: 'priya@brickyard.example', requester: true },
    { name: '', email: 'cto@brickyard.example', requester: false },
  ]);
});

it.each([
  ['the author by address', [person('jonas@altis.example')]],
  ['the author by id', [person('j@elsewhere.example', 'j')]],
  ['an address that is there already', [person('PRIYA@brickyard.example ')]],
  ['nobody without an address', [person('')]],
])('leaves out %s', (_, ccs) => {
  expect(emails(priya, ccs)).toEqual(['priya@brickyard.example']);
});

it('may be nobody', () => {
  expect(emails(undefined, [])).toEqual([]);
});
