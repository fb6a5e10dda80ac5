import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { Ticket, TicketStatus } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { Button } from '../../ui/button.tsx';
import { Picker } from '../../ui/picker.tsx';
import { TagField } from '../../ui/tag-field.tsx';
import { useSelf } from '../session/session.ts';
import { teamsQuery, useStaff } from '../staff/staff.ts';
import { Fact } from './details.tsx';
import { hiddenOf } from './hidden.ts';
import { priorityOf, statusOf, urgencies } from './kinds.ts';
import { priorityNameOf, type StaffChange } from './staff-change.ts';
import { turnOf } from './words.ts';

const say = staffText.properties;

/** Where staff may take a ticket. */
const targets: Record<'open' | 'pending' | 'onHold' | 'solved', TicketStatus> = {
  open: 'TICKET_STATUS_OPEN',
  pending: 'TICKET_STATUS_PENDING',
  onHold: 'TICKET_STATUS_ON_HOLD',
  solved: 'TICKET_STATUS_SOLVED',
};

/** What staff change of a ticket: status, priority, whose it is, tags. */
export function StaffProperties({ ticket, change }: { ticket: Ticket; change: StaffChange }) {
  const closed = statusOf(ticket) === 'closed' || hiddenOf(ticket) !== '';
  return (
    <section className="properties" aria-label={say.title}>
      <dl>
        <Fact name={ticketText.ticket.status}>
          <StatusPicker ticket={ticket} change={change} closed={closed} />
          {turnOf(ticket, true) && <span className="muted small">{turnOf(ticket, true)}</span>}
        </Fact>
        <Fact name={ticketText.ticket.priority}>
          <PriorityPicker ticket={ticket} change={change} closed={closed} />
          {ticket.priorityReason && (
            <span className="muted small">{staffText.due.priorityReason(ticket.priorityReason)}</span>
          )}
        </Fact>
        <Fact name={ticketText.ticket.assignee}>
          <AssigneePicker ticket={ticket} change={change} closed={closed} />
        </Fact>
        <Fact name={say.team}>
          <TeamPicker ticket={ticket} change={change} closed={closed} />
        </Fact>
        <Fact name={say.tags}>
          <Tags ticket={ticket} change={change} closed={closed} />
        </Fact>
      </dl>
      {change.error && (
        <p className="error" role="alert">
          {sentenceOf(change.error)}
        </p>
      )}
    </section>
  );
}

interface PartProps {
  ticket: Ticket;
  change: StaffChange;
  closed: boolean;
}

function StatusPicker({ ticket, change, closed }: PartProps) {
  const status = statusOf(ticket);
  const { statuses } = ticketText.ticket;
  if (closed) return <span className={`badge status-${status}`}>{statuses[status]}</span>;
  return (
    <Picker
      label={ticketText.ticket.status}
      busy={change.busy}
      chosen={[status]}
      options={(Object.keys(targets) as (keyof typeof targets)[]).map((value) => ({
        value,
        label: statuses[value],
        hint: say.statusHints[value],
      }))}
      onChoose={([to]) => {
        const wanted = targets[to as keyof typeof targets];
        if (to !== status) change.change({ field: 'status', status: wanted }, ticket);
      }}
    >
      <span className={`badge status-${status}`}>{statuses[status]}</span>
    </Picker>
  );
}

function PriorityPicker({ ticket, change, closed }: PartProps) {
  const now = priorityNameOf(ticket);
  const { priorities } = ticketText.ticket;
  const badge = now && <span className={`badge priority-${now}`}>{priorities[now]}</span>;
  if (closed) return badge ?? null;
  return (
    <Picker
      label={ticketText.ticket.priority}
      command="priority"
      busy={change.busy}
      chosen={now ? [now] : []}
      // Urgent pages people: it is asked for by a button of its own, which asks back.
      options={urgencies
        .filter((name) => name !== 'urgent' || name === now)
        .map((value) => ({ value, label: priorities[value] }))}
      onChoose={([to]) => {
        const wanted = urgencies.find((name) => name === to);
        if (wanted && wanted !== now) change.change({ field: 'priority', priority: priorityOf[wanted] }, ticket);
      }}
    >
      {badge}
    </Picker>
  );
}

function AssigneePicker({ ticket, change, closed }: PartProps) {
  const self = useSelf();
  const staff = useStaff();
  const { assignee } = ticket;
  const assign = (id: string) => {
    if (id !== (assignee?.id ?? '')) change.change({ field: 'assignee', assignee: id }, ticket);
  };
  if (closed) return assignee?.name || ticketText.ticket.nobody;
  const options = staff.map(({ id, name, email }) => ({
    value: id,
    label: id === self.id ? `${name} (${text.common.you})` : name,
    hint: email,
  }));
  return (
    <>
      <Picker
        label={ticketText.ticket.assignee}
        command="assign"
        busy={change.busy}
        chosen={[assignee?.id ?? '']}
        search={say.findPerson}
        options={[{ value: '', label: ticketText.ticket.nobody }, ...options]}
        onChoose={([id = '']) => assign(id)}
      >
        {assignee?.name || <span className="muted">{ticketText.ticket.nobody}</span>}
      </Picker>
      {assignee?.id !== self.id && (
        <Button look="quiet" data-command="assign-to-me" busy={change.busy} onClick={() => assign(self.id)}>
          {say.assignToMe}
        </Button>
      )}
    </>
  );
}

function TeamPicker({ ticket, change, closed }: PartProps) {
  const { data: teams = [] } = useQuery(teamsQuery);
  const { team } = ticket;
  if (closed) return team || say.noTeam;
  const names = team && !teams.includes(team) ? [team, ...teams] : teams;
  return (
    <Picker
      label={say.team}
      busy={change.busy}
      chosen={team ? [team] : []}
      search={say.findTeam}
      other={say.otherTeam}
      options={names.map((value) => ({ value, label: value }))}
      onChoose={([to]) => {
        if (to && to !== team) change.change({ field: 'team', team: to }, ticket);
      }}
    >
      {team || <span className="muted">{say.noTeam}</span>}
    </Picker>
  );
}

function Tags({ ticket, change, closed }: PartProps) {
  const [edited, setEdited] = useState<{ tags: string[]; seen: Ticket }>();
  const tags = (
    <span className="tag-list">
      {ticket.tags.map((tag) => (
        <span key={tag} className="badge">
          {tag}
        </span>
      ))}
      {ticket.tags.length === 0 && <span className="muted">{say.noTags}</span>}
    </span>
  );
  if (!edited) {
    return (
      <>
        {tags}
        {!closed && (
          <Button look="quiet" data-command="tags" onClick={() => setEdited({ tags: ticket.tags, seen: ticket })}>
            {say.editTags}
          </Button>
        )}
      </>
    );
  }
  return (
    <form
      className="tag-form"
      onSubmit={(event) => {
        event.preventDefault();
        const close = () => setEdited(undefined);
        change.change({ field: 'tags', tags: edited.tags }, edited.seen, close, close);
      }}
    >
      <TagField
        label={say.newTag}
        command="new-tag"
        tagsLabel={say.tags}
        tags={edited.tags}
        onChange={(list) => setEdited({ ...edited, tags: list })}
        check={checkTag}
      />
      <div className="actions">
        <Button type="submit" look="primary" busy={change.busy}>
          {say.saveTags}
        </Button>
        <Button look="quiet" onClick={() => setEdited(undefined)}>
          {text.common.cancel}
        </Button>
      </div>
    </form>
  );
}

/** What the server takes for a tag. */
export function checkTag(tag: string): string | undefined {
  return /^[a-z0-9][a-z0-9._-]{0,49}$/.test(tag) ? undefined : say.tagInvalid;
}
