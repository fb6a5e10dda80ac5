import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '../../api/client.ts';
import { sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { Banner } from '../../ui/banner.tsx';
import { notices } from '../../ui/notices.tsx';
import { Picker } from '../../ui/picker.tsx';
import { StatusBadge } from './badges.tsx';
import { isActive, urgencyOf } from './kinds.ts';
import { ticketQuery } from './queries.ts';
import { type DialogProps, StaffDialog } from './staff-dialog.tsx';

const say = actionsText.merge;

/** The tickets of an organization that are open, those that changed last: any other is found by its number. */
const openQuery = (organization: string) =>
  queryOptions({
    queryKey: ['tickets', 'merge', organization],
    queryFn: async ({ signal }) => {
      const query = { filter: `is:new,open,pending,on-hold org:${organization}`, pageSize: 100 };
      return data(await api.GET('/v1/tickets', { params: { query }, signal })).tickets as Ticket[];
    },
  });

/** The number in what was typed, such as #1042; '' if it is none. */
export function numberIn(typed: string): string {
  return /^#?([1-9]\d{0,18})$/.exec(typed.trim())?.[1] ?? '';
}

/** Closes a duplicate: shows first what the ticket is about where it goes on. */
export default function MergeDialog({ ticket, onClose }: DialogProps) {
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  const { data: open = [], error, isPending } = useQuery(openQuery(ticket.organization));
  const number = numberIn(typed);
  const other = useQuery({ ...ticketQuery(number), enabled: number !== '' && number !== ticket.number });
  const fault = faultOf();
  return (
    <StaffDialog
      ticket={ticket}
      onClose={onClose}
      title={say.title}
      confirm={say.confirm}
      wish={() => {
        setMissing(!number);
        return number && other.data ? { field: 'merge', into: number } : undefined;
      }}
      onDone={() => {
        onClose();
        notices.say(say.done(number));
      }}
    >
      <p>{say.lead(ticket.organizationName)}</p>
      <div className="field" data-invalid={fault ? true : undefined}>
        <span className="label" aria-hidden="true">
          {say.label}
        </span>
        <Picker
          label={say.label}
          chosen={typed ? [typed] : []}
          nothing={say.choose}
          search={say.find}
          loading={isPending}
          other={(own) => (numberIn(own) ? say.byNumber(numberIn(own)) : say.notNumber(own))}
          options={open
            .filter((one) => one.number !== ticket.number)
            .map((one) => ({
              value: one.number,
              label: `#${one.number} ${one.subject}`,
              hint: one.requester?.name || one.requester?.email || '',
            }))}
          onChoose={([chosen = '']) => setTyped(numberIn(chosen) || chosen)}
        />
        {fault && (
          <span className="error" role="alert">
            {fault}
          </span>
        )}
      </div>
      {other.data && (
        <p>
          <strong>
            #{number} {other.data.subject}
          </strong>{' '}
          <StatusBadge ticket={other.data} />
          <br />
          <span className="muted">{say.asked(other.data.requester?.name || other.data.requester?.email || '')}</span>
        </p>
      )}
      <p className="hint">{say.copies}</p>
      {urgencyOf(ticket) === 'urgent' && isActive(ticket) && (
        <Banner tone="warning" icon="bell" title={say.pages}>
          <p>{say.pagesLead}</p>
        </Banner>
      )}
    </StaffDialog>
  );

  function faultOf(): string | undefined {
    if (number === ticket.number) return say.itself;
    if (typed && !number) return say.notNumber(typed);
    if (other.error) return sentenceOf(other.error);
    if (missing && !number) return say.missing;
    return error ? sentenceOf(error) : undefined;
  }
}
