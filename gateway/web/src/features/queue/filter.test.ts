import { expect, it } from 'vitest';
import { choose, chooseAll, chosenIn, sameQuery } from './filter.ts';

const type = { key: 'type' };
const org = { key: 'org' };
const status = { key: 'is', only: ['open', 'pending', 'solved'] };
const flags = { key: 'is', only: ['unassigned', 'breached'] };
const hidden = { key: 'is', only: ['spam', 'deleted'] };
const team = { key: 'team' };

it.each([
  ['', type, []],
  ['type:incident,problem', type, ['incident', 'problem']],
  ['type:incident type:task', type, ['incident', 'task']],
  ['-type:incident', type, []],
  ['"type:incident"', type, []],
  ['org:"Brickyard Stores",acme', org, ['Brickyard Stores', 'acme']],
  ['org:"A, B"', org, ['A, B']],
  ['org:"Brickyard St', org, ['Brickyard St']],
  ['is:open is:unassigned', status, ['open']],
  ['is:open is:unassigned', flags, ['unassigned']],
  ['is:open,unassigned', status, []],
  ['TYPE:Incident', type, ['Incident']],
  ['is:open is:spam,deleted', hidden, ['spam', 'deleted']],
  ['is:open is:spam,deleted', status, ['open']],
  ['team:"Customer Care",none', team, ['Customer Care', 'none']],
  ['type:', type, []],
])('reads %s', (q, facet, values) => {
  expect(chosenIn(q, facet)).toEqual(values);
});

it.each([
  ['adds a term', 'is:open', type, ['incident', 'task'], 'is:open type:incident,task'],
  ['replaces it where it is', 'type:task "payment error"', type, ['incident'], 'type:incident "payment error"'],
  ['joins several', 'type:task is:open type:problem', type, ['incident'], 'type:incident is:open'],
  ['takes it away', 'is:open type:task blank', type, [], 'is:open blank'],
  ['quotes blanks and commas', '', org, ['Brickyard Stores', 'A, B'], 'org:"Brickyard Stores","A, B"'],
  ['leaves the same key of others alone', 'is:open is:unassigned', status, ['solved'], 'is:solved is:unassigned'],
  ['asks for what is hidden beside a status', 'is:open', hidden, ['spam', 'deleted'], 'is:open is:spam,deleted'],
  ['takes what is hidden away', 'is:spam,deleted is:open', hidden, [], 'is:open'],
  ['names teams', 'is:open', team, ['Customer Care', 'none'], 'is:open team:"Customer Care",none'],
  ['leaves what is negated alone', '-type:task', type, ['task'], '-type:task type:task'],
])('%s', (_, q, facet, values, expected) => {
  expect(choose(q, facet, values)).toBe(expected);
  expect(chosenIn(expected, facet)).toEqual(values);
});

it('asks for all of several flags', () => {
  expect(chooseAll('is:open is:breached', flags, ['breached', 'unassigned'])).toBe('is:open is:breached is:unassigned');
});

it('knows a query again', () => {
  expect(sameQuery(' is:unassigned  is:open', 'is:open is:unassigned')).toBe(true);
  expect(sameQuery('is:open', 'is:open is:unassigned')).toBe(false);
});
