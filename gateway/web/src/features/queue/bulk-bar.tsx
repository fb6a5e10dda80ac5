import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { Ticket, TicketStatus } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { clearOf } from '../../ui/clear-of.ts';
import { Picker } from '../../ui/picker.tsx';
import { useSelf } from '../session/session.ts';
import { useStaff } from '../staff/staff.ts';
import { showInQueue } from '../tickets/actions.ts';
import { isStale } from '../tickets/stale.ts';
import { type BulkResult, type BulkWish, changeMany } from './bulk.ts';

const say = staffText.bulk;

interface Props {
  /** The query whose tickets these are. */
  q: string;
  tickets: Ticket[];
  onDone: (results: BulkResult[]) => void;
  onClear: () => void;
}

/** Changes all that are marked, and says of each what became of it. */
export function BulkBar({ q, tickets, onDone, onClear }: Props) {
  const client = useQueryClient();
  const [results, setResults] = useState<BulkResult[]>([]);
  const change = useMutation({
    mutationFn: (wish: BulkWish) => changeMany(tickets, wish),
    onMutate: () => setResults([]),
    onSuccess: (all) => {
      setResults(all);
      onDone(all);
      client.invalidateQueries({ queryKey: ['tickets'] });
      for (const result of all) {
        if ('ticket' in result) showInQueue(client, result.ticket);
        client.invalidateQueries({ queryKey: ['ticket', result.number] });
      }
    },
  });
  // What became of others goes with them, but what is under way is still to be told.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when others are shown
  useEffect(() => setResults([]), [q]);
  return (
    <>
      {tickets.length === 0 && change.isPending && (
        <p className="muted" role="status">
          {say.running}
        </p>
      )}
      {tickets.length > 0 && (
        <fieldset ref={clearOf} className="bulk" aria-label={say.title}>
          <strong role="status">{say.count(tickets.length)}</strong>
          <BulkAssign busy={change.isPending} onChoose={change.mutate} />
          <BulkStatus busy={change.isPending} onChoose={change.mutate} />
          {change.isPending && <span className="muted">{say.running}</span>}
          <Button look="quiet" onClick={onClear}>
            {say.clear}
          </Button>
        </fieldset>
      )}
      <Results results={results} onClose={() => setResults([])} />
    </>
  );
}

interface PartProps {
  busy: boolean;
  onChoose: (wish: BulkWish) => void;
}

function BulkAssign({ busy, onChoose }: PartProps) {
  const self = useSelf();
  const staff = useStaff();
  const options = staff.map(({ id, name, email }) => ({
    value: id,
    label: id === self.id ? `${name} (${text.common.you})` : name,
    hint: email,
  }));
  return (
    <Picker
      label={say.assign}
      look="chip"
      busy={busy}
      chosen={[]}
      nothing={say.choose}
      search={staffText.properties.findPerson}
      options={[{ value: '', label: ticketText.ticket.nobody }, ...options]}
      onChoose={([assignee = '']) => onChoose({ field: 'assignee', assignee })}
    />
  );
}

function BulkStatus({ busy, onChoose }: PartProps) {
  const { statuses } = ticketText.ticket;
  const options: { value: TicketStatus; label: string }[] = [
    { value: 'TICKET_STATUS_OPEN', label: statuses.open },
    { value: 'TICKET_STATUS_PENDING', label: statuses.pending },
    { value: 'TICKET_STATUS_ON_HOLD', label: statuses.onHold },
    { value: 'TICKET_STATUS_SOLVED', label: statuses.solved },
  ];
  return (
    <Picker
      label={ticketText.ticket.status}
      look="chip"
      busy={busy}
      chosen={[]}
      nothing={say.choose}
      options={options}
      onChoose={([status]) => status && onChoose({ field: 'status', status: status as TicketStatus })}
    />
  );
}

function Results({ results, onClose }: { results: BulkResult[]; onClose: () => void }) {
  if (results.length === 0) return null;
  const failed = results.filter((result) => 'error' in result);
  return (
    <div role="status">
      <Banner
        tone={failed.length > 0 ? 'warning' : 'success'}
        icon={failed.length > 0 ? 'alert' : 'check'}
        title={say.done(results.length - failed.length, failed.length)}
      >
        <details className="more" open={failed.length > 0}>
          <summary>{say.each}</summary>
          <ul>
            {results.map((result) => (
              <li key={result.number}>
                #{result.number} {result.subject}:{' '}
                {'error' in result ? (
                  <strong>{isStale(result.error) ? say.stale : sentenceOf(result.error)}</strong>
                ) : (
                  say.changed
                )}
              </li>
            ))}
          </ul>
        </details>
        <Button look="quiet" onClick={onClose}>
          {text.common.close}
        </Button>
      </Banner>
    </div>
  );
}
