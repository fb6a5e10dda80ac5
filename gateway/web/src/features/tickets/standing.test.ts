import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { standingOf } from './standing.ts';

const ticket = (number: number, part: Partial<Ticket> = {}) =>
  ({ number: String(number), status: 'TICKET_STATUS_OPEN', ...part }) as Ticket;

describe('standingOf', () => {
  const stand = (...parameters: Parameters<typeof standingOf>) => {
    const { fresh, gone } = standingOf(...parameters);
    return [fresh, [...gone]];
  };

  it('tells what would come in from what has left', () => {
    const verdicts = new Map([
      ['1', ticket(1)],
      ['2', undefined],
      ['3', undefined],
      ['4', ticket(4)],
    ]);
    expect(stand(verdicts, [ticket(1), ticket(2), ticket(5)], undefined)).toEqual([1, ['2']]);
    expect(stand(new Map(), [ticket(1)], undefined)).toEqual([0, []]);
    // It matches again.
    expect(stand(new Map([...verdicts, ['2', ticket(2)]]), [ticket(2)], undefined)).toEqual([2, []]);
  });

  const at = (time: string, part: Partial<Ticket> = {}): Partial<Ticket> => ({
    createTime: `2026-11-30T${time}:00Z`,
    updateTime: `2026-11-30T${time}:00Z`,
    ...part,
  });
  const due = (time: string): Partial<Ticket> => ({ firstResponseDueTime: `2026-11-30T${time}:00.5Z` });

  const urgency = (name: 'UNSPECIFIED' | 'LOW' | 'NORMAL' | 'HIGH', time: string): Partial<Ticket> =>
    at(time, { priority: `PRIORITY_${name}` });

  it.each<[string, string, Partial<Ticket>, Partial<Ticket>, number]>([
    ['a later change', 'update_time desc', at('11:00'), at('10:00'), 1],
    ['an earlier one', 'update_time desc', at('09:00'), at('10:00'), 0],
    ['a new one among the oldest', 'create_time', at('11:00'), at('10:00'), 0],
    ['an older one', 'create_time', at('09:00'), at('10:00'), 1],
    ['the greater number of equal ones', 'create_time', at('10:00', { number: '3' }), at('10:00'), 0],
    ['the smaller number of equal ones', 'create_time', at('10:00', { number: '1' }), at('10:00'), 1],
    ['the greater number, downwards', 'create_time desc', at('10:00', { number: '3' }), at('10:00'), 1],
    ['what is more urgent', 'priority desc', urgency('HIGH', '09:00'), urgency('LOW', '10:00'), 1],
    ['what is less urgent', 'priority desc', urgency('LOW', '11:00'), urgency('NORMAL', '10:00'), 0],
    ['what is as urgent and changed later', 'priority desc', urgency('HIGH', '11:00'), urgency('HIGH', '10:00'), 1],
    ['what is as urgent and changed before', 'priority desc', urgency('HIGH', '09:00'), urgency('HIGH', '10:00'), 0],
    ['what has no priority to see', 'priority desc', urgency('UNSPECIFIED', '11:00'), urgency('LOW', '10:00'), 0],
    ['what is due sooner', 'next_due_time', due('09:00'), due('10:00'), 1],
    ['what is due later', 'next_due_time', due('11:00'), due('10:00'), 0],
    ['what is due where the last one is not', 'next_due_time', due('11:00'), {}, 1],
    ['what is not due', 'next_due_time', {}, due('10:00'), 0],
    [
      'what is due no more',
      'next_due_time',
      { ...due('09:00'), firstResponseTime: '2026-11-30T08:00:00Z' },
      due('10:00'),
      0,
    ],
  ])('counts what comes before the end of what is loaded: %s', (_, order, part, last, want) => {
    const verdicts = new Map([['9', ticket(9, part)]]);
    const end = { ticket: ticket(2, last), order };
    expect(stand(verdicts, [ticket(2)], end)).toEqual([want, []]);
    expect(stand(verdicts, [ticket(2)], undefined)).toEqual([1, []]);
  });
});
