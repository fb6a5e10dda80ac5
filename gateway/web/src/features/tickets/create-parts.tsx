import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { timeZone } from '../../lib/format.ts';
import { createText } from '../../lib/text.create.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Banner } from '../../ui/banner.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Choice } from '../../ui/choice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Emergency } from '../site/emergency.tsx';
import type { Answer, Errors, Form } from './create-form.ts';
import { urgencies } from './kinds.ts';
import { AnswerTime, OnCallNotice, onCallNoticeQuery, useAnswerTime } from './on-call-notice.tsx';

/** What every part of the form gets. */
export interface PartProps {
  form: Form;
  errors: Errors;
  change: (part: Partial<Form>) => void;
}

interface UrgentProps extends PartProps {
  confirmed: boolean;
  onConfirm: (confirmed: boolean) => void;
}

/** Priority, and for Urgent what the engineer needs to know. */
export function IncidentPart(props: UrgentProps) {
  const { form, errors, change } = props;
  const urgent = form.urgency === 'urgent';
  // Are at hand when Urgent is chosen.
  useQuery(onCallNoticeQuery);
  useAnswerTime(form.organization);
  return (
    <>
      <Choice
        label={createText.priority}
        value={form.urgency}
        onChange={(urgency) => change({ urgency })}
        error={errors.urgency}
        options={urgencies.map((value) => ({
          value,
          label: ticketText.ticket.priorities[value],
          hint: createText.priorities[value],
          tone: value,
        }))}
      />
      {urgent ? <Urgent {...props} /> : <Circumstances {...props} />}
    </>
  );
}

/** Whom it pages, when somebody answers, what they need to know, and that it is meant. */
export function Urgent(props: UrgentProps) {
  const { form, errors, confirmed, onConfirm } = props;
  const id = useId();
  return (
    <section className="urgent" aria-labelledby={`${id}-title`}>
      <Banner tone="danger" icon="bell">
        <strong id={`${id}-title`}>{createText.urgentTitle}</strong>
        <OnCallNotice />
        <AnswerTime organization={form.organization} />
        <p>{createText.urgentLead}</p>
      </Banner>
      <Circumstances {...props} />
      <div className="field confirm">
        <Checkbox
          checked={confirmed}
          onChange={onConfirm}
          invalid={errors.confirmed !== undefined}
          describedBy={errors.confirmed && `${id}-error`}
        >
          {createText.confirm}
        </Checkbox>
        {errors.confirmed && (
          <span className="error" id={`${id}-error`}>
            {errors.confirmed}
          </span>
        )}
      </div>
      <Emergency />
    </section>
  );
}

function Circumstances({ form, errors, change }: PartProps) {
  const urgent = form.urgency === 'urgent';
  return (
    <>
      <TextField
        label={createText.impact}
        hint={createText.impactHint}
        value={form.impact}
        onChange={(impact) => change({ impact })}
        rows={2}
        maxLength={2000}
        error={errors.impact}
        optional={!urgent}
      />
      <div className="columns">
        <TextField
          label={createText.since}
          hint={createText.sinceHint}
          type="datetime-local"
          value={form.since}
          onChange={(since) => change({ since })}
          error={errors.since}
          optional
        />
        <TextField
          label={createText.callback}
          hint={createText.callbackHint}
          type="tel"
          autoComplete="tel"
          value={form.callback}
          onChange={(callback) => change({ callback })}
          maxLength={40}
          error={errors.callback}
          optional
        />
      </div>
    </>
  );
}

const answerOptions: { value: Exclude<Answer, ''>; label: string }[] = [
  { value: 'yes', label: ticketText.ticket.yes },
  { value: 'no', label: ticketText.ticket.no },
  { value: 'notTried', label: ticketText.ticket.notTried },
];

/** A bug or a risk, and what to check before reporting a bug. */
export function ProblemPart({ form, change }: PartProps) {
  const say = createText.problem;
  return (
    <>
      <Choice
        label={say.kind}
        look="row"
        value={form.problem}
        onChange={(problem) => change({ problem })}
        options={[
          { value: 'bug', label: say.bug },
          { value: 'risk', label: say.risk },
        ]}
      />
      {form.problem === 'bug' && (
        <fieldset className="field checklist">
          <legend>{say.checklist}</legend>
          <Checkbox checked={form.updates} onChange={(updates) => change({ updates })}>
            {say.updates}
          </Checkbox>
          <Checkbox checked={form.trace} onChange={(trace) => change({ trace })}>
            {say.trace}
          </Checkbox>
          <Choice
            label={say.fresh}
            look="row"
            value={form.fresh}
            onChange={(fresh) => change({ fresh })}
            options={answerOptions}
          />
          <Choice
            label={say.locally}
            look="row"
            value={form.locally}
            onChange={(locally) => change({ locally })}
            options={answerOptions}
          />
        </fieldset>
      )}
    </>
  );
}

/** The report of a bug, or what is known of a risk. */
export function ProblemReport({ form, errors, change }: PartProps) {
  const say = createText.problem;
  const bug = form.problem === 'bug';
  const field = (name: 'expected' | 'steps' | 'reduced' | 'environments' | 'traces', rows: number, hint?: string) => (
    <TextField
      label={say[name]}
      value={form[name]}
      onChange={(value) => change({ [name]: value })}
      rows={rows}
      error={errors[name]}
      optional
      mono={name === 'reduced' || name === 'traces'}
      {...(hint ? { hint } : {})}
    />
  );
  return (
    <>
      {bug && field('expected', 2)}
      <TextField
        label={bug ? say.actual : say.actualRisk}
        value={form.actual}
        onChange={(actual) => change({ actual })}
        rows={2}
        error={errors.actual}
        optional
      />
      {bug && field('steps', 4)}
      {bug && field('reduced', 3, say.reducedHint)}
      {field('environments', 2, say.environmentsHint)}
      {field('traces', 3)}
    </>
  );
}

/** What is to be done. */
export function TaskPart({ form, change }: PartProps) {
  const say = createText.task;
  return (
    <Choice
      label={say.kind}
      look="row"
      value={form.task}
      onChange={(task) => change({ task })}
      options={[
        { value: 'newEnvironment', label: ticketText.ticket.tasks.newEnvironment },
        { value: 'php', label: ticketText.ticket.tasks.php },
        { value: 'other', label: ticketText.ticket.tasks.other },
      ]}
    />
  );
}

/** What exactly, and when it may be. */
export function TaskRequest({ form, errors, change }: PartProps) {
  const say = createText.task;
  return (
    <>
      <TextField
        label={say.requirements}
        hint={say.requirementsHint}
        value={form.requirements}
        onChange={(requirements) => change({ requirements })}
        rows={4}
        maxLength={16_000}
        error={errors.requirements}
        optional
      />
      <div className="columns">
        <TextField
          label={say.earliest}
          type="datetime-local"
          value={form.earliest}
          onChange={(earliest) => change({ earliest })}
          error={errors.earliest}
          optional
        />
        <TextField
          label={say.latest}
          type="datetime-local"
          value={form.latest}
          onChange={(latest) => change({ latest })}
          error={errors.latest}
          optional
        />
      </div>
      <p className="muted small">{say.zone(timeZone())}</p>
      <Banner tone="info" icon="clock">
        {say.sameDay}
      </Banner>
    </>
  );
}
