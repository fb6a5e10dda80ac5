import { describe, expect, it } from 'vitest';
import type { OnCallNotice } from '../../api/types.ts';
import { noticeText } from './on-call-notice.tsx';

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
