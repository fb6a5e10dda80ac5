import { type FormEvent, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { Contact } from '../../api/types.ts';
import { contactsText } from '../../lib/text.contacts.ts';
import { useTick } from '../../lib/tick.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { notices } from '../../ui/notices.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { isCode, sayCode, useSendCode, useVerifyContact } from './contacts.ts';
import { sayAnswer } from './delivery-answer.ts';
import { faultOf } from './schedules.ts';

const say = contactsText.verify;

/** Takes the code that was sent to a contact, which is used from then on. */
export function ContactVerify({ contact }: { contact: Contact }) {
  const { id, person, address } = contact;
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const verify = useVerifyContact(person);
  const another = useSendCode(person);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(!isCode(code));
    if (!isCode(code) || verify.isPending) return;
    if (another.error) another.reset();
    verify.mutate({ contact: id, code: code.trim() }, { onSuccess: () => notices.say(say.done(address)) });
  };
  const send = () => {
    verify.reset();
    setMissing(false);
    another.mutate(id, {
      onSuccess: ({ codeAnswer }) => notices.say(codeAnswer ? say.refused(sayAnswer(codeAnswer)) : say.sent(address)),
    });
  };
  const error = verify.error ?? another.error;
  useTick(); // codes end
  return (
    <form className="verify" onSubmit={submit} noValidate>
      <TextField
        label={say.code}
        hint={sayCode(contact)}
        value={code}
        onChange={(value) => {
          verify.reset();
          setMissing(false);
          setCode(value);
        }}
        maxLength={12}
        autoComplete="one-time-code"
        error={missing ? say.missing : error ? (faultOf(error, 'code') ?? sentenceOf(error)) : undefined}
      />
      <div className="actions">
        <Fleeting look="primary" type="submit" busy={verify.isPending}>
          {say.confirm}
        </Fleeting>
        <Fleeting look="quiet" busy={another.isPending} onClick={send}>
          {say.another}
        </Fleeting>
      </div>
    </form>
  );
}
