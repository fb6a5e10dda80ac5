import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
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
  /** Somebody has tried to send it. */
  pressed: boolean;
  /** The first thing that can be done. */
  first: RefObject<HTMLButtonElement | null>;
  onSend: () => void;
  onTake: (number: string) => void;
}

/** The ticket has ended while somebody wrote: what was written would go elsewhere. */
export function MovedBar({ ticket, busy, pressed, first, onSend, onTake }: Props) {
  const { data } = useQuery(conversationQuery(ticket.number));
  const what = endOf(data?.events ?? []);
  const number = mergedInto(ticket);
  const bar = useRef<HTMLDivElement>(null);
  // With the button that was pressed goes the focus. Whoever writes goes on writing.
  useEffect(() => {
    if (pressed && document.activeElement === document.body) first.current?.focus({ preventScroll: true });
  }, [first, pressed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is higher with its reason
  useEffect(() => {
    // Who reads elsewhere is not taken away from there.
    if (bar.current?.closest('form')?.contains(document.activeElement))
      bar.current.scrollIntoView({ block: 'nearest' });
  }, [what]);
  return (
    <Banner ref={bar} tone="warning" title={say.moved} alert>
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
