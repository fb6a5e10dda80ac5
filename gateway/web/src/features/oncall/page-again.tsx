import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { EngineerPage } from '../../api/types.ts';
import { formatAt } from '../../lib/format.ts';
import { formatSpan } from '../../lib/span.ts';
import { pagesText } from '../../lib/text.pages.ts';
import { useTick } from '../../lib/tick.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { type Again, isAcknowledged, isExhausted, usePageAgain } from './pages.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

const say = pagesText.again;

/** Lets paging begin again: of an acknowledged page at once or after a while, of one that nobody took at once. */
export function PageAgain({ page }: { page: EngineerPage }) {
  const [open, setOpen] = useState<'unacknowledge' | 'snooze' | 'escalate'>();
  // A dialog stays over what somebody else did meanwhile: it is to say so.
  if (!isAcknowledged(page) && !isExhausted(page) && !open) return null;
  const dialog = { page, onClose: () => setOpen(undefined) };
  return (
    <>
      {isAcknowledged(page) && (
        <>
          <Fleeting onClick={() => setOpen('snooze')}>{say.snooze}</Fleeting>
          <Fleeting onClick={() => setOpen('unacknowledge')}>{say.unacknowledge}</Fleeting>
        </>
      )}
      {isExhausted(page) && <Fleeting onClick={() => setOpen('escalate')}>{say.exhausted}</Fleeting>}
      <Suspense>
        {open === 'unacknowledge' && (
          <Reasoned
            {...dialog}
            deed={open}
            title={say.unacknowledgeTitle}
            lead={say.unacknowledgeLead}
            missing={say.reasonMissing}
          />
        )}
        {open === 'escalate' && (
          <Reasoned
            {...dialog}
            deed={open}
            title={say.exhaustedTitle}
            lead={say.exhaustedLead}
            missing={say.exhaustedMissing}
          />
        )}
        {open === 'snooze' && <Snooze {...dialog} />}
      </Suspense>
    </>
  );
}

interface DialogProps {
  page: EngineerPage;
  onClose: () => void;
}

interface ReasonedProps extends DialogProps {
  deed: 'unacknowledge' | 'escalate';
  title: string;
  lead: string;
  missing: string;
}

/** Pages again for a reason. */
function Reasoned({ deed, missing: unsaid, ...props }: ReasonedProps) {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  return (
    <AgainDialog
      {...props}
      confirm={say.unacknowledgeConfirm}
      done={say.unacknowledged}
      danger
      again={() => {
        setMissing(!reason.trim());
        return reason.trim() ? { deed, reason: reason.trim() } : undefined;
      }}
    >
      <TextField
        label={say.reason}
        hint={say.reasonHint}
        value={reason}
        onChange={(value) => {
          setReason(value);
          setMissing(false);
        }}
        rows={2}
        maxLength={500}
        error={missing ? unsaid : undefined}
      />
    </AgainDialog>
  );
}

/** For how long a page can be snoozed, in seconds. */
const lengths = [1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400];

function Snooze(props: DialogProps) {
  useTick();
  const [seconds, setSeconds] = useState(14_400);
  return (
    <AgainDialog
      {...props}
      title={say.snoozeTitle}
      lead={say.snoozeLead}
      confirm={say.snoozeConfirm}
      done={say.snoozed}
      again={() => ({ seconds })}
    >
      <SelectField
        label={say.length}
        value={String(seconds)}
        onChange={(value) => setSeconds(Number(value))}
        options={lengths.map((length) => ({ value: String(length), label: formatSpan(length) }))}
      />
      <p className="muted small">{say.until(formatAt(new Date(Date.now() + seconds * 1000).toISOString()))}</p>
    </AgainDialog>
  );
}

interface AgainProps extends DialogProps {
  title: string;
  lead: string;
  confirm: string;
  done: string;
  danger?: boolean;
  /** What is to be done; undefined when something is missing, which the dialog has to say. */
  again: () => Again | undefined;
  children: ReactNode;
}

function AgainDialog({ page, onClose, title, lead, confirm, done, danger = false, again, children }: AgainProps) {
  const deed = usePageAgain(page);
  return (
    <Confirm
      title={title}
      confirm={confirm}
      danger={danger}
      deed={deed}
      done={done}
      onConfirm={(then) => {
        const wanted = again();
        if (wanted) deed.mutate(wanted, then);
      }}
      onClose={onClose}
    >
      <p>{lead}</p>
      {children}
    </Confirm>
  );
}
