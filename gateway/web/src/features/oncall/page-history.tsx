import type { EngineerPage, PageDelivery } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Time } from '../../ui/time.tsx';
import { sayAnswer } from './delivery-answer.ts';
import { sayEntry, sayWhy } from './page-log.ts';

const say = staffText.pages;

/** Who was called at which step and why, what became of each call, and all that happened. */
export function PageHistory({ page }: { page: EngineerPage }) {
  return (
    <div className="page-history">
      <h2>{say.deliveries}</h2>
      {page.deliveries.length === 0 ? (
        <p className="muted">{say.noDeliveries}</p>
      ) : (
        <ul className="deliveries" aria-label={say.deliveries}>
          {page.deliveries.map((delivery) => (
            <Delivery key={delivery.id} delivery={delivery} />
          ))}
        </ul>
      )}
      <h2>{say.history}</h2>
      <ol className="log" aria-label={say.history}>
        {page.log.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a history only grows at its end
          <li key={index}>
            <Time at={entry.createTime} look="clock" />
            <span>{sayEntry(entry)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Delivery({ delivery }: { delivery: PageDelivery }) {
  const { person, channel, state, step, loop, cycle, attempts, answer } = delivery;
  return (
    <li>
      <p>
        <strong>{person?.name || person?.email}</strong> <span className="muted">{say.by(channel)}</span>{' '}
        <span className={`badge delivery-${state}`}>{say.states[state] ?? state}</span>
      </p>
      <p className="muted">
        {sayWhy(delivery.why, delivery.reason)} · {say.position(step, loop, cycle)}
        {attempts > 1 && ` · ${say.attempts(attempts)}`}
      </p>
      <p className="muted">
        <Time at={delivery.acceptTime ?? delivery.createTime} look="clock" />
        {answer && <span className="answer"> {sayAnswer(answer)}</span>}
      </p>
    </li>
  );
}
