import { expect, it } from 'vitest';
import type { NoticePreferences } from '../../api/types.ts';
import { gathers, withHour } from './notices.ts';

const chosen: NoticePreferences = {
  newTicket: 'CHANNEL_DIGEST',
  replyMine: 'CHANNEL_MAIL',
  replyTeam: 'CHANNEL_NONE',
  digestHours: [8, 17],
};

it('needs hours for what is gathered only', () => {
  expect(gathers(chosen)).toBe(true);
  expect(gathers({ ...chosen, newTicket: 'CHANNEL_NONE' })).toBe(false);
});

it('keeps the hours in their order, each once', () => {
  expect(withHour(chosen, 9, true).digestHours).toEqual([8, 9, 17]);
  expect(withHour(chosen, 8, true).digestHours).toEqual([8, 17]);
  expect(withHour(chosen, 17, false).digestHours).toEqual([8]);
  expect(withHour(chosen, 3, false).digestHours).toEqual([8, 17]);
  expect(chosen.digestHours).toEqual([8, 17]);
});
