import { expect, it } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { caveatsOf } from './caveats.tsx';

const say = staffText.caveats;
const tried = {
  kind: 'KIND_BUG',
  reproducedOnFreshInstallation: 'REPRODUCED_YES',
  reproducedLocally: 'REPRODUCED_NO',
  checkedForUpdates: true,
  readWholeTrace: true,
} as const;

it.each<[string, Ticket['problem'], string[]]>([
  ['nothing of a bug where all was tried', tried, []],
  ['what was not tried', { ...tried, reproducedLocally: 'REPRODUCED_NOT_TRIED' }, [say.locally]],
  ['what was not said', { ...tried, reproducedOnFreshInstallation: 'REPRODUCED_UNSPECIFIED' }, [say.freshUnsaid]],
  ['what was not checked', { ...tried, checkedForUpdates: false, readWholeTrace: false }, [say.updates, say.trace]],
  ['nothing of a risk', { kind: 'KIND_RISK' }, []],
])('says %s', (_, problem, expected) => {
  expect(caveatsOf({ problem })).toEqual(expected);
});
