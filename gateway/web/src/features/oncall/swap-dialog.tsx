import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import type { Schedule } from '../../api/types.ts';
import { schedulesText } from '../../lib/text.schedules.ts';
import { Failure } from '../../ui/failure.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Modal } from '../../ui/modal.tsx';
import { notices } from '../../ui/notices.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useFirstError } from '../tickets/first-error.ts';
import { type Bar, barsOf, nameOf } from './calendar.ts';
import { sayInstant } from './calendar-words.ts';
import { shiftsQuery, useSwap } from './schedules.ts';
import { keyOf, partnersOf, partOf, swappable } from './swap.ts';

const say = schedulesText.swap;
const ahead = 8 * 7 * 24 * 3_600_000;

interface Props {
  schedule: Schedule;
  /** One of the shifts, where it was chosen already. */
  first: Bar | undefined;
  onClose: () => void;
}

/** Two people take the shifts of each other. */
export function SwapDialog({ schedule, first: given, onClose }: Props) {
  const [now] = useState(Date.now);
  const from = Math.min(now, given?.start ?? now);
  const { data, error, refetch } = useQuery(shiftsQuery(schedule.id, from, Math.max(now + ahead, given?.end ?? 0)));
  const bars = swappable(barsOf(data ?? []), now);
  return (
    <Modal title={say.title} onClose={onClose}>
      <p>{say.lead}</p>
      {data && bars.length > 0 && <SwapForm schedule={schedule} bars={bars} given={given} onClose={onClose} />}
      {data && bars.length === 0 && <p className="muted">{say.none}</p>}
      {!data &&
        (error ? (
          <Failure title={schedulesText.failed} error={error} onRetry={() => refetch()} />
        ) : (
          <Loading rows={2} />
        ))}
    </Modal>
  );
}

function SwapForm({ schedule, bars, given, onClose }: Omit<Props, 'first'> & { bars: Bar[]; given: Bar | undefined }) {
  const [keys, setKeys] = useState([given ? keyOf(given) : '', '']);
  const [attempts, setAttempts] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  useFirstError(element, attempts);
  const swap = useSwap(schedule.id);
  const first = bars.find((bar) => keyOf(bar) === keys[0]);
  const partners = first ? partnersOf(first, bars) : bars;
  const second = partners.find((bar) => keyOf(bar) === keys[1]);
  const choose = (one: string, other: string) => {
    swap.reset();
    setKeys([one, other]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAttempts(attempts + 1);
    if (!first || !second || swap.isPending) return;
    swap.mutate([partOf(first), partOf(second)], {
      onSuccess: () => {
        notices.say(say.done);
        onClose();
      },
    });
  };
  const missing = (bar: Bar | undefined) => (attempts > 0 && !bar ? say.missing : undefined);
  return (
    <form ref={element} className="form" onSubmit={submit} noValidate>
      <SelectField
        label={say.first}
        value={first ? keyOf(first) : ''}
        onChange={(key) => choose(key, keys[1] ?? '')}
        options={optionsOf(bars)}
        error={missing(first)}
      />
      <SelectField
        label={say.second}
        value={second ? keyOf(second) : ''}
        onChange={(key) => choose(keys[0] ?? '', key)}
        options={optionsOf(partners)}
        error={missing(second)}
      />
      {first && second && (
        <ul className="swap-result">
          <li>{takes(first, second)}</li>
          <li>{takes(second, first)}</li>
        </ul>
      )}
      <FormEnd confirm={say.confirm} busy={swap.isPending} error={swap.error} onCancel={onClose} />
    </form>
  );
}

const nameIn = ({ duty }: Bar) => (duty ? nameOf(duty.person) : '');
const optionsOf = (bars: Bar[]) => [
  { value: '', label: say.choose },
  ...bars.map((bar) => ({
    value: keyOf(bar),
    label: say.option(nameIn(bar), sayInstant(bar.start), sayInstant(bar.end)),
  })),
];
const takes = (who: Bar, what: Bar) => say.takes(nameIn(who), sayInstant(what.start), sayInstant(what.end));
