import { useQuery } from '@tanstack/react-query';
import type { Ref } from 'react';
import type { Ticket } from '../../api/types.ts';
import { mergedText as say } from '../../lib/text.merged.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { mergedInto } from './merged-into.ts';
import { conversationQuery } from './queries.ts';
import { endOf } from './whereabouts.ts';

interface Props {
  ticket: Ticket;
  busy: boolean;
  /** The first thing that can be done. */
  first: Ref<HTMLButtonElement>;
  onSend: () => void;
  onTake: (number: string) => void;
}

/** The ticket has ended while somebody wrote: what was written would go elsewhere. */
export function MovedBar({ ticket, busy, first, onSend, onTake }: Props) {
  const { data } = useQuery(conversationQuery(ticket.number));
  const what = endOf(data?.events ?? []);
  const number = mergedInto(ticket);
  return (
    <Banner tone="warning" title={say.moved} alert>
      {what && <p>{what}.</p>}
      <p>{say.notSent}</p>
      <div className="actions">
        <Button ref={first} look="primary" busy={busy} onClick={onSend}>
          {number ? say.send(number) : say.followUp}
        </Button>
        {number && (
          <Button busy={busy} onClick={() => onTake(number)}>
            {say.take(number)}
          </Button>
        )}
      </div>
    </Banner>
  );
}
