import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, type KeyboardEvent, lazy, Suspense, useDeferredValue, useRef, useState } from 'react';
import { api, data } from '../../api/client.ts';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { useDraft } from '../../lib/draft.ts';
import { toLocalInput } from '../../lib/format.ts';
import { useTabDrafts } from '../../lib/tab-drafts.ts';
import { attachmentsText } from '../../lib/text.attachments.ts';
import { createText } from '../../lib/text.create.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { queries } from '../../queries.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MarkdownField } from '../../ui/markdown-field.tsx';
import { notices } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { TagField } from '../../ui/tag-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { applicationsQuery } from '../applications/applications.ts';
import { useFiles } from '../attachments/files.ts';
import { AttachmentField } from '../attachments/lazy.tsx';
import { selfQuery, useSelf } from '../session/session.ts';
import {
  type Errors,
  emptyDraft,
  errorsOf,
  type Form,
  type FormDraft,
  isUrgent,
  preselected,
  toTicket,
  validate,
  worthOfDraft,
} from './create-form.ts';
import { IncidentPart, ProblemPart, ProblemReport, TaskPart, TaskRequest } from './create-parts.tsx';
import { checkEmail } from './email.ts';
import { useFirstError } from './first-error.ts';
import { type Kind, kindIcons, kinds } from './kinds.ts';
import { listFor } from './left-list.ts';
import { ticketQuery } from './queries.ts';
import { ScopePicker } from './scope-picker.tsx';
import { useSending } from './sending.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

let chooser: typeof import('./customer-chooser.tsx') | undefined;

/** What staff need besides is there with the page: coming later it would push down what they are about to choose. */
export async function load(): Promise<void> {
  if (queries.getQueryData(selfQuery.queryKey)?.staff) chooser = await import('./customer-chooser.tsx');
}

export function CreatePage() {
  const self = useSelf();
  const named = useSearch({ from: '/inside/tickets/new' });
  const navigate = useNavigate();
  const draft = useDraft<FormDraft>(`${self.id}:new`, emptyDraft, useTabDrafts(worthOfDraft));
  const [confirmed, setConfirmed] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const [errors, setErrors] = useState<Errors>({});
  const shape = useRef<HTMLFormElement>(null);
  const [attempts, setAttempts] = useState(0);
  const fail = (found: Errors) => {
    setErrors(found);
    setAttempts((n) => n + 1);
  };
  const files = useFiles(draft.value.files, (kept) => change({ files: kept }));
  const create = useCreate(draft.requestId, draft.clear, draft.renew, fail);

  const forCustomer = draft.value.organization || (self.staff && named.organization) || '';
  const organization = self.organization?.id ?? forCustomer;
  const { data: applications = [] } = useQuery({ ...applicationsQuery(organization), enabled: organization !== '' });
  const targets = draft.value.targets ?? preselected(applications, named.application);
  const form: Form = { ...draft.value, kind: named.type ?? draft.value.kind, organization: forCustomer, targets };
  const change = (part: Partial<FormDraft>) => {
    // What is written is about what was chosen before, wherever it is gone on with.
    const about = { organization: forCustomer, ...(targets.length > 0 && { targets }) };
    draft.change({ ...about, ...part });
    setErrors((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !(name in part))));
  };
  const choose = (kind: Kind) => {
    draft.change({ kind });
    setErrors(({ kind: _, ...rest }) => rest);
    navigate({ to: '/tickets/new', search: { ...named, type: kind }, replace: true });
  };
  // The choice is seen at once; the many fields that it brings are drawn after it.
  const kind = useDeferredValue(form.kind);
  const urgent = isUrgent(form);

  useSending(shape, create.isPending);
  useFirstError(shape, create.isPending ? 0 : attempts); // what is being sent takes no focus

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (create.isPending || !draft.ready) return;
    const found = validate(form, confirmed, self.staff);
    if (!files.ready) found.files = attachmentsText.busy;
    if (Object.keys(found).length > 0) fail(found);
    else create.mutate(form);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    // Afterwards, as the same key adds an address that is being typed.
    setTimeout(() => shape.current?.requestSubmit());
  };

  const discard = () => {
    draft.clear();
    setConfirmed(false);
    setErrors({});
    navigate(listFor(self));
  };

  const part = { form, errors, change };
  return (
    <Page
      title={createText.title}
      above={
        <Link {...listFor(self)} className="back">
          <Icon name="chevron" size={16} />
          {ticketText.ticket.back}
        </Link>
      }
    >
      <p className="hidden" role="status">
        {create.isPending && sending(create)}
      </p>
      <form ref={shape} className="form create-form" onSubmit={submit} onKeyDown={onKeyDown} noValidate>
        {draft.restored && (form.subject || form.description) && (
          <p className="restored" role="status">
            {text.common.restored}
          </p>
        )}
        {self.staff && chooser && <chooser.CustomerChooser {...part} />}
        <Choice
          label={createText.type}
          look="cards"
          value={form.kind}
          onChange={choose}
          error={errors.kind}
          options={kinds.map((kind) => ({
            value: kind,
            label: createText.types[kind].name,
            hint: createText.types[kind].short,
            icon: kindIcons[kind],
          }))}
        />
        {kind && (
          <>
            <section className="guidance" aria-label={createText.types[kind].name}>
              {createText.types[kind].guidance.map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
            </section>
            {kind === 'incident' && (
              <IncidentPart
                {...part}
                change={(some) => change(withSince(form, some))}
                confirmed={confirmed}
                onConfirm={(on) => {
                  setConfirmed(on);
                  setErrors(({ confirmed: _, ...rest }) => rest);
                }}
              />
            )}
            {kind === 'problem' && <ProblemPart {...part} />}
            {kind === 'task' && <TaskPart {...part} />}
            {organization && (
              <ScopePicker
                key={organization}
                organization={organization}
                limited={self.limited}
                all={form.all && !self.limited}
                targets={form.targets}
                onChange={(some) => change({ ...some, targets: some.targets ?? form.targets })}
                error={errors.targets}
              />
            )}
            <TextField
              label={createText.subject}
              hint={createText.subjectHint}
              value={form.subject}
              onChange={(subject) => change({ subject })}
              maxLength={200}
              error={errors.subject}
            />
            <MarkdownField
              label={createText.description}
              hint={createText.descriptionHint}
              value={form.description}
              onChange={(description) => change({ description })}
              error={errors.description}
            />
            {kind === 'problem' && <ProblemReport {...part} />}
            {kind === 'task' && <TaskRequest {...part} />}
            <TagField
              label={createText.ccs}
              tagsLabel={createText.ccsLabel}
              hint={createText.ccsHint}
              type="email"
              tags={form.ccs}
              onChange={(ccs) => change({ ccs })}
              check={checkEmail}
              error={errors.ccs}
            />
            <AttachmentField files={files} />
            {errors.files && (
              <p className="error" role="alert">
                {errors.files}
              </p>
            )}
            <section className="next" aria-label={createText.about}>
              <Icon name="mail" />
              <p>
                {urgent
                  ? createText.next.urgent
                  : kind === 'incident'
                    ? createText.next.incident
                    : createText.next.other}
              </p>
            </section>
            <Failed errors={errors} error={create.error} />
            <div className="actions">
              <Button look={urgent ? 'danger' : 'primary'} type="submit" busy={create.isPending || !draft.ready}>
                {create.isPending ? sending(create) : urgent ? createText.submitUrgent : createText.submit}
              </Button>
              <Button look="quiet" onClick={() => (worthOfDraft(draft.value) > 1 ? setDiscarding(true) : discard())}>
                {createText.discard}
              </Button>
              {(draft.stored === false || (draft.stored && worthOfDraft(draft.value) > 0)) && (
                <span className="muted small kept" role="status">
                  {draft.stored ? createText.kept : text.common.notKept}
                </span>
              )}
            </div>
          </>
        )}
      </form>
      {discarding && (
        <Suspense>
          <Confirm
            title={createText.discardTitle}
            confirm={createText.discard}
            danger
            onConfirm={discard}
            onClose={() => setDiscarding(false)}
          >
            <p>{createText.discardLead}</p>
          </Confirm>
        </Suspense>
      )}
    </Page>
  );
}

function sending({ isPaused }: { isPaused: boolean }): string {
  return isPaused ? ticketText.ticket.waits : createText.sending;
}

/** An incident that becomes urgent has most likely begun now. */
function withSince(form: Form, part: Partial<Form>): Partial<Form> {
  return part.urgency === 'urgent' && !form.since ? { ...part, since: toLocalInput(new Date()) } : part;
}

function Failed({ errors, error }: { errors: Errors; error: unknown }) {
  const n = Object.values(errors).filter(Boolean).length;
  if (n > 0) {
    return (
      <Banner tone="danger" alert>
        {createText.errors.summary(n)}
      </Banner>
    );
  }
  if (!error) return null;
  return (
    <Banner tone="danger" alert>
      {error instanceof ApiError && error.reason === 'REQUEST_ID_REUSED' ? createText.reused : sentenceOf(error)}
    </Banner>
  );
}

function useCreate(requestId: string, clear: () => void, renew: () => void, fail: (errors: Errors) => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (form: Form) =>
      data(
        await api.POST('/v1/tickets', {
          params: {
            header: { 'Idempotency-Key': requestId },
            query: { attachments: form.files.map((file) => file.id) },
          },
          body: toTicket(form),
        }),
      ) as Ticket,
    onSuccess: async (ticket) => {
      clear();
      client.setQueryData(ticketQuery(ticket.number).queryKey, ticket);
      client.invalidateQueries({ queryKey: ['tickets'] });
      notices.say(createText.created(ticket.number));
      await navigate({ to: '/tickets/$number', params: { number: ticket.number }, replace: true });
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      // An attempt whose answer was lost keeps its id: the server knows then that it is the same.
      if (error.refused) renew();
      fail(errorsOf(error.fields));
    },
  });
}
