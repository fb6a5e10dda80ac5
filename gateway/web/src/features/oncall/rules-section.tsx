import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Contact, NotificationRules, NotificationStep } from '../../api/types.ts';
import { contactsText } from '../../lib/text.contacts.ts';
import { rulesText as say } from '../../lib/text.rules.ts';
import { Failure } from '../../ui/failure.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { Loading } from '../../ui/loading.tsx';
import { sayHours } from './hours.ts';
import { rulesQuery, sayDelay } from './rules.ts';
import { cityOf } from './zones.ts';

const RulesFields = lazy(() => import('./rules-form.tsx').then((file) => ({ default: file.RulesFields })));

interface Props {
  person: string;
  contacts: Contact[];
}

/** In which order the contacts of a person are tried, and when notices wait: in words, or as a form. */
export function RulesSection({ person, contacts }: Props) {
  const { data: rules, error, refetch } = useQuery(rulesQuery(person));
  const [changing, setChanging] = useState(false);
  return (
    <section className="rules" aria-labelledby="rules">
      <h2 id="rules">{say.title}</h2>
      {!rules &&
        (error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={2} />)}
      {rules && changing && (
        <Suspense fallback={<Loading rows={4} />}>
          <RulesFields rules={rules} contacts={contacts} onClose={() => setChanging(false)} />
        </Suspense>
      )}
      {rules && !changing && (
        <>
          <RulesWords rules={rules} contacts={contacts} />
          <div className="actions">
            <Fleeting onClick={() => setChanging(true)}>{say.change}</Fleeting>
          </div>
        </>
      )}
    </section>
  );
}

function RulesWords({ rules, contacts }: { rules: NotificationRules; contacts: Contact[] }) {
  const { urgent, normal, quietHours } = rules;
  return (
    <>
      <h3>{say.urgent}</h3>
      {urgent.length > 0 && <Steps label={say.urgent} steps={urgent} contacts={contacts} />}
      <p className="muted">{urgent.length > 0 ? say.rest : say.inOrder}</p>
      <h3>{say.normal}</h3>
      {normal.length > 0 ? (
        <Steps label={say.normal} steps={normal} contacts={contacts} />
      ) : (
        <p className="muted">{say.asUrgent}</p>
      )}
      <h3>{say.quiet}</h3>
      {quietHours && (
        <p>
          <strong>{quietHours.hours.map(sayHours).join('; ')}</strong>{' '}
          <span className="muted">{say.zone(cityOf(quietHours.timeZone))}</span>
        </p>
      )}
      <p className="muted">{quietHours ? say.holds : say.none}</p>
    </>
  );
}

function Steps({ label, steps, contacts }: { label: string; steps: NotificationStep[]; contacts: Contact[] }) {
  return (
    <ol className="policy-steps" aria-label={label}>
      {steps.map(({ contact: id, delay }) => {
        const contact = contacts.find((one) => one.id === id);
        return (
          <li key={id}>
            <span className="badge">{sayDelay(delay)}</span>
            <span>
              <strong>{contact?.address ?? id}</strong>{' '}
              {contact && <span className="muted">{contactsText.channels[contact.channel] ?? contact.channel}</span>}{' '}
              {contact && !contact.verifyTime && <span className="badge soon">{say.unverified}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
