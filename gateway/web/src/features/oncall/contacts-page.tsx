import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Contact } from '../../api/types.ts';
import { contactsText as say } from '../../lib/text.contacts.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useSelf } from '../session/session.ts';
import { useAddressOf, useStaff } from '../staff/staff.ts';
import { ContactFields } from './contact-form.tsx';
import { ContactRow } from './contact-row.tsx';
import { contactsQuery, isLast } from './contacts.ts';
import { RulesSection } from './rules-section.tsx';
import { useMay, useNameOf } from './schedules.ts';
import '../../styles/staff.css';
import '../../styles/on-call.css';
import '../../styles/contacts.css';

const CalendarFeeds = lazy(() => import('./calendar-feeds.tsx').then((file) => ({ default: file.CalendarFeeds })));

/** How somebody of the staff is reached: the viewer, or for supervisors anybody. */
export function ContactsPage() {
  const self = useSelf();
  const { supervise } = useMay();
  const asked: { person?: unknown } = useSearch({ strict: false });
  const person = typeof asked.person === 'string' && asked.person ? asked.person : self.id;
  const own = person === self.id;
  const name = useNameOf()(person);
  return (
    <Page
      title={own ? say.title : say.titleOf(name)}
      lead={<p className="muted">{say.lead}</p>}
      above={
        <Link to="/on-call" className="back">
          <Icon name="chevron" size={16} />
          {staffText.onCall.title}
        </Link>
      }
    >
      <div className="contacts">
        {supervise && <Whose person={person} />}
        <Contacts key={person} person={person} none={own ? say.none : say.noneOf(name)} />
        <Suspense>{own && <CalendarFeeds />}</Suspense>
      </div>
    </Page>
  );
}

function Whose({ person }: { person: string }) {
  const self = useSelf();
  const navigate = useNavigate();
  const options = useStaff().map(({ id, name, email }) => ({ value: id, label: name || email }));
  return (
    <SelectField
      label={say.whose}
      value={person}
      options={options}
      onChange={(chosen) =>
        navigate({ to: '/on-call/contacts', search: chosen === self.id ? {} : { person: chosen }, replace: true })
      }
    />
  );
}

/** none is said of who has no verified contact, and no mail address either. */
function Contacts({ person, none }: { person: string; none: string }) {
  const directory = useAddressOf(person);
  const { data: contacts, error, refetch } = useQuery(contactsQuery(person));
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Contact>();
  if (!contacts) {
    return error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={2} />;
  }
  return (
    <>
      {directory !== undefined && !contacts.some((contact) => contact.verifyTime) && (
        <Banner tone={directory ? 'info' : 'warning'}>{directory ? say.directory(directory) : none}</Banner>
      )}
      {contacts.length > 0 && (
        <ol className="contact-list" aria-label={say.list}>
          {contacts.map((contact) => (
            <ContactRow key={contact.id} contact={contact} last={isLast(contact, contacts)} directory={directory} />
          ))}
        </ol>
      )}
      {made?.channel === 'CHANNEL_WEBHOOK' && made.secret && (
        <Banner tone="info" alert>
          {say.secretOnce} <code>{made.secret}</code>
        </Banner>
      )}
      {adding ? (
        <ContactFields
          person={person}
          onDone={(contact) => {
            setAdding(false);
            setMade(contact);
          }}
        />
      ) : (
        <div className="actions">
          <Button
            icon="plus"
            onClick={() => {
              setMade(undefined);
              setAdding(true);
            }}
          >
            {say.add}
          </Button>
        </div>
      )}
      <RulesSection person={person} contacts={contacts} />
    </>
  );
}
