import { type FormEvent, useRef, useState } from 'react';
import type { Contact } from '../../api/types.ts';
import { contactsText as say } from '../../lib/text.contacts.ts';
import { Choice } from '../../ui/choice.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { notices } from '../../ui/notices.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFirstError } from '../tickets/first-error.ts';
import {
  type Channel,
  type ContactForm,
  channels,
  checkContact,
  contactOf,
  hasSecret,
  services,
  useCreateContact,
} from './contacts.ts';
import { faultBeside, faultOf } from './schedules.ts';

interface Props {
  person: string;
  /** Called with the contact that was made, or with none. */
  onDone: (made?: Contact) => void;
}

const types = { CHANNEL_EMAIL: 'email', CHANNEL_SMS: 'tel' } as Partial<Record<Channel, 'email' | 'tel'>>;

/** One more way to reach a person. */
export function ContactFields({ person, onDone }: Props) {
  const [form, setForm] = useState<ContactForm>({ channel: 'CHANNEL_EMAIL', address: '', secret: '' });
  const [attempts, setAttempts] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  const create = useCreateContact(person);
  const beside = faultBeside(create.error, ['contact.address', 'contact.channel', 'contact.secret']);
  useFirstError(element, attempts);
  const errors = attempts > 0 ? checkContact(form) : {};
  const change = (part: Partial<ContactForm>) => {
    create.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAttempts(attempts + 1);
    if (create.isPending || Object.keys(checkContact(form)).length > 0) return;
    create.mutate(contactOf(form), {
      onSuccess: (made) => {
        notices.say(say.added);
        onDone(made);
      },
      onError: () => setAttempts((n) => n + 1), // so that the focus goes to what was refused
    });
  };
  const { channel, address, secret } = form;
  const key = say.keys[channel];
  return (
    <form ref={element} className="form contact-form" onSubmit={submit} noValidate aria-label={say.add}>
      <h2>{say.add}</h2>
      <Choice
        label={say.channel}
        value={channel}
        onChange={(chosen: Channel) => {
          setAttempts(0);
          change({ channel: chosen, address: services[chosen] ?? '', secret: '' });
        }}
        options={channels.map((value) => ({ value, label: say.channels[value] ?? value, hint: say.hints[value] }))}
      />
      <TextField
        label={say.addresses[channel]}
        hint={say.addressHints[channel]}
        value={address}
        onChange={(value) => change({ address: value })}
        type={types[channel] ?? 'text'}
        maxLength={2000}
        error={errors.address ?? faultOf(create.error, 'contact.address') ?? faultOf(create.error, 'contact.channel')}
      />
      {hasSecret(channel) && (
        <TextField
          label={key?.label ?? say.secret}
          hint={key?.hint ?? say.secretHint}
          value={secret}
          onChange={(value) => change({ secret: value })}
          optional={!key}
          autoComplete="off"
          error={errors.secret ?? faultOf(create.error, 'contact.secret')}
        />
      )}
      <FormEnd confirm={say.confirm} busy={create.isPending} error={beside} onCancel={() => onDone()} />
    </form>
  );
}
