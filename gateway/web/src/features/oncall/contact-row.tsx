import { lazy, Suspense, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { Contact } from '../../api/types.ts';
import { contactsText as say } from '../../lib/text.contacts.ts';
import { Button } from '../../ui/button.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { ContactVerify } from './contact-verify.tsx';
import { useDeleteContact, useTestContact } from './contacts.ts';
import { sayAnswer } from './delivery-answer.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

interface Props {
  contact: Contact;
  /** It is the only one that is verified. */
  last: boolean;
  /** The mail address of the person in the directory, where pages go when none is left. */
  directory: string | undefined;
}

/** One way to reach a person, how it is tried out, and what came of that. */
export function ContactRow({ contact, last, directory }: Props) {
  const { id, address, channel, verifyTime } = contact;
  const [removing, setRemoving] = useState(false);
  const test = useTestContact();
  return (
    <li>
      <div className="contact">
        <span className="badge">{say.channels[channel] ?? channel}</span>
        <strong className="address">{address}</strong>
        {!verifyTime && <span className="badge soon">{say.verify.state}</span>}
        <div className="actions">
          {verifyTime && (
            <Button aria-label={say.testTo(address)} busy={test.isPending} onClick={() => test.mutate(id)}>
              {say.test}
            </Button>
          )}
          <Fleeting look="quiet" aria-label={say.removeOne(address)} onClick={() => setRemoving(true)}>
            {say.remove}
          </Fleeting>
        </div>
      </div>
      <p role="status" className={test.data?.accepted ? 'good' : 'error'}>
        {test.isPending && <span className="muted">{say.testing}</span>}
        {test.data &&
          (test.data.accepted ? say.accepted(sayAnswer(test.data.answer)) : say.refused(sayAnswer(test.data.answer)))}
        {test.error && sentenceOf(test.error)}
      </p>
      {!verifyTime && <ContactVerify contact={contact} />}
      {removing && (
        <Suspense>
          <Remove contact={contact} last={last} directory={directory} onClose={() => setRemoving(false)} />
        </Suspense>
      )}
    </li>
  );
}

function Remove({ contact, last, directory, onClose }: Props & { onClose: () => void }) {
  const remove = useDeleteContact(contact.person);
  return (
    <Confirm
      title={say.removeTitle}
      confirm={say.remove}
      danger
      deed={remove}
      done={say.removed}
      onConfirm={(then) => remove.mutate(contact.id, then)}
      onClose={onClose}
    >
      <p>
        <strong className="address">{contact.address}</strong>
      </p>
      <p>{last ? (directory ? say.removeLast(directory) : say.removeLastOfAll) : say.removeLead}</p>
    </Confirm>
  );
}
