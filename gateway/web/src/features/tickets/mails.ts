import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { MailDelivery } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { notices } from '../../ui/notices.tsx';
import { liftSuppression, suppressionsKey } from '../mail/suppressions.ts';

export const mailsKey = (ticket: string) => ['ticket', ticket, 'mails'];

/** Whether a mail did not arrive, and is on its way no more. */
export function isLost({ state }: Pick<MailDelivery, 'state'>): boolean {
  return ['refused', 'bounced', 'suppressed'].includes(state);
}

/** Whether a mail waits because its server did not take it the last time. */
export function isPutOff({ state, attempts }: Pick<MailDelivery, 'state' | 'attempts'>): boolean {
  return state === 'queued' && attempts > 0;
}

/** Sends a mail again, to an address that is blocked after lifting that. */
export function useResend({ id, ticket, recipient, suppression }: MailDelivery) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      if (suppression) await liftSuppression(suppression.id);
      await api.POST('/v1/deliveries/{delivery}:resend', { params: { path: { delivery: id } }, body: {} });
    },
    onSuccess: () => notices.say(staffText.mails.resent(recipient?.email ?? '')),
    onSettled: () => {
      client.invalidateQueries({ queryKey: suppressionsKey });
      return client.invalidateQueries({ queryKey: mailsKey(ticket) });
    },
  });
}
