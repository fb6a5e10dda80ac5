import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../lib/query.ts';
import { suggest, typedAt } from './query-suggest.ts';

const applications = [
  { name: 'Shop', environments: [{ name: 'production' }, { name: 'staging' }] },
  { name: 'Acme Lab', environments: [{ name: 'production' }] },
];
const sources = { staff: false, applications };

/** What is suggested at the bar. */
function at(line: string, staff = false) {
  const caret = line.indexOf('|');
  return suggest(line.replace('|', ''), caret, { ...sources, staff });
}
const words = (line: string, staff = false) => at(line, staff).map(({ word }) => word);

describe('suggest', () => {
  it.each([
    ['|', []],
    ['t|', ['type']],
    ['-a|', ['app', 'assignee']],
    ['shop p|', ['priority']],
    ['n|', ['number']],
    ['number:|', []],
    ['"a p|', []],
    ['"a b" p|', ['priority']],
    ['type:|', ['incident', 'problem', 'task', 'question']],
    ['TYPE:T|', ['task']],
    ['type:task,q|', ['question']],
    ['is:un|', ['unassigned', 'unread']],
    ['is:unread|', []],
    ['priority:>|', ['>=high']],
    ['app:|', ['"acme lab"', 'shop']],
    ['app:"ac|', ['"acme lab"']],
    ['env:p|', ['production']],
    ['created:>|', ['>-7d', '>-30d']],
    ['so|', ['sort']],
    ['sort:|', ['updated-desc', 'updated-asc', 'created-desc', 'created-asc', 'priority-desc', 'due']],
    ['sort:up|', ['updated-desc', 'updated-asc']],
    ['sl|', ['sla']],
    ['sla:|', ['<1h', '>30m', 'breached']],
    ['colour:r|', []],
    ['word|', []],
  ])('of %s are %j', (line, want) => {
    expect(words(line)).toEqual(want);
  });

  it('has tags for staff only', () => {
    expect(words('ta|')).toEqual([]);
    expect(words('ta|', true)).toEqual(['tag']);
  });

  it('has the applications that staff know instead of their own', () => {
    const known = {
      applications: [{ name: 'Press Room', environments: [{ name: 'preview' }, { name: 'production' }] }],
      ...{ organizations: [], teams: [], people: [] },
    };
    const values = (line: string) =>
      suggest(line, line.length, { staff: true, applications: [], known }).map(({ word }) => word);
    expect(values('app:"pr')).toEqual(['"press room"']);
    expect(values('env:pr')).toEqual(['preview', 'production']);
  });

  it.each([
    ['app:|', { key: 'app', value: '' }],
    ['is:open -APP:shop,"Press R| x', { key: 'app', value: 'Press R' }],
    ['app:shop|.old', { key: 'app', value: 'shop' }],
    ['app:shop |', undefined],
    ['"app:|', undefined],
    ['shop|', undefined],
  ])('reads of %s what is typed', (line, want) => {
    expect(typedAt(line.replace('|', ''), line.indexOf('|'))).toEqual(want);
  });

  it('has names of organizations, teams and people for who knows them', () => {
    const known = {
      applications: [],
      organizations: ['Fjordlight Media', 'Acme'],
      teams: ['platform'],
      people: ['jonas@altis.example'],
    };
    const values = (line: string) =>
      suggest(line, line.length, { ...sources, staff: true, known }).map(({ word }) => word);
    expect(values('org:')).toEqual(['"fjordlight media"', 'acme']);
    expect(values('-org:"fj')).toEqual(['"fjordlight media"']);
    expect(values('team:')).toEqual(['platform']);
    expect(values('assignee:')).toEqual(['@me', 'none', 'jonas@altis.example']);
    expect(words('org:|')).toEqual([]);
  });

  it.each([
    ['t|', 'type:|'],
    ['-ty|pe', '-type:|'],
    ['a ty| b', 'a type:| b'],
    ['type:in|', 'type:incident |'],
    ['type:in| b', 'type:incident |b'],
    ['type:task,in|', 'type:task,incident |'],
    ['app:"ac|', 'app:"acme lab" |'],
  ])('makes %s to %s', (line, want) => {
    const [{ query, caret } = { query: '', caret: 0 }] = at(line);
    const more = query.slice(caret).replace(/^ /, '');
    expect(
      `${query.slice(0, caret).trimEnd()}${want.includes(' |') ? ' ' : ''}|${want.includes('| b') ? ' ' : ''}${more}`,
    ).toBe(want);
  });

  it('suggests only what is understood', () => {
    for (const key of words('|'.padStart(1)).concat([
      'is',
      'type',
      'priority',
      'in',
      'assignee',
      'cc',
      'created',
      'sla',
      'sort',
      'app',
      'env',
    ])) {
      for (const { query } of at(`${key}:|`)) {
        expect(parseQuery(query, { now: new Date(), zone: 'UTC', staff: false }).issues, query).toEqual([]);
      }
    }
  });

  it('stands any text', () => {
    for (const line of ['\u{1f600}|', '<script>|', '"|', '::|', '-|', 'type::|', '\\|', 'type:"|']) {
      expect(() => at(line)).not.toThrow();
    }
  });
});
