import { describe, expect, it } from 'vitest';
import type { OnCallNotice } from '../../api/types.ts';
import { minutesUntil, noticeText } from './on-call-notice.tsx';

const notice = (source: OnCallNotice['source'], count: number, ...names: string[]) => ({ source, count, names });

describe('whom Urgent pages', () => {
  it.each<[string, OnCallNotice | undefined, string]>([
    ['not known', undefined, 'Pages the on-call engineers at once.'],
    ['one', notice('SOURCE_ON_CALL', 1, 'Ada Park'), 'Pages Ada Park at once.'],
    ['two', notice('SOURCE_ON_CALL', 2, 'Ada Park', 'Ben'), 'Pages Ada Park and 1 more on-call engineer at once.'],
    ['more than are named', notice('SOURCE_ON_CALL', 12, 'Ada'), 'Pages Ada and 11 more on-call engineers at once.'],
    ['without a name', notice('SOURCE_ON_CALL', 3), 'Pages the on-call engineers at once.'],
    ['instead', notice('SOURCE_FALLBACK', 2, 'Eve', 'Ben'), 'Pages Eve and 1 other at once.'],
    ['one instead', notice('SOURCE_SUPERVISORS', 1, 'Eve'), 'Pages Eve at once.'],
    ['everybody', notice('SOURCE_EVERYBODY', 16, 'Ada'), 'Pages Ada and 15 others at once.'],
    ['nobody', notice('SOURCE_NOBODY', 0), 'Nobody can be paged at the moment.'],
  ])('%s', (_, told, want) => {
    expect(noticeText(told)).toBe(want);
  });
});

describe('when Urgent is answered', () => {
  const answered = 'Tue, 24 Nov 2026 10:00:00 GMT';
  it.each<[string, string | undefined, string | null, number | null]>([
    ['half an hour', '2026-11-24T10:30:00.4Z', answered, 30],
    ['hours', '2026-11-24T12:15:00Z', answered, 135],
    ['over already', '2026-11-24T09:59:00Z', answered, null],
    ['no instant', undefined, answered, null],
    ['no clock of the server', '2026-11-24T10:30:00Z', null, null],
  ])('%s', (_, due, date, want) => {
    expect(minutesUntil(due, date)).toBe(want);
  });
});
