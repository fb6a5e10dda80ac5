import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { useLate } from '../../lib/use-late.ts';
import { Picker, type PickerOption } from '../../ui/picker.tsx';
import { applicationsQuery, organizationsQuery } from '../applications/applications.ts';
import { useSelf } from '../session/session.ts';
import { staffQuery, teamsQuery, useStaff } from '../staff/staff.ts';
import { kinds, urgencies } from '../tickets/kinds.ts';
import { choose, chooseAll, chosenIn, type Facet } from './filter.ts';
import { beginningQuery } from './known.ts';
import { useSupervises } from './saved-views.ts';

const say = staffText.filters;

const statuses = Object.keys(say.statuses) as (keyof typeof say.statuses)[];
const flags = Object.keys(say.flags) as (keyof typeof say.flags)[];
const hiddenStates = Object.keys(say.hiddenStates) as (keyof typeof say.hiddenStates)[];

const status: Facet = { key: 'is', only: statuses };
const flag: Facet = { key: 'is', only: flags };
const hidden: Facet = { key: 'is', only: hiddenStates };

interface Props {
  q: string;
  onChange: (q: string) => void;
}

/** Chips that show parts of the query, and change its text. What they offer is asked for when somebody turns to them. */
export function Filters({ q, onChange }: Props) {
  const [wanted, setWanted] = useState(false);
  const want = () => setWanted(true);
  const supervises = useSupervises(wanted);
  const shownDeleted = chosenIn(q, hidden).some((value) => value.toLowerCase() === 'deleted');
  const enumeration = (facet: Facet, label: string, options: PickerOption[], all = false) => (
    <Picker
      label={label}
      look="chip"
      multiple
      nothing={say.any}
      options={options}
      chosen={chosenIn(q, facet).map((value) => value.toLowerCase())}
      onChoose={(values) => onChange((all ? chooseAll : choose)(q, facet, values))}
    />
  );
  return (
    <fieldset className="filters" aria-label={say.title} onPointerEnter={want} onFocus={want}>
      {enumeration(
        status,
        ticketText.ticket.status,
        statuses.map((value) => ({ value, label: say.statuses[value] })),
      )}
      {enumeration(
        { key: 'type' },
        ticketText.ticket.type,
        kinds.map((value) => ({ value, label: ticketText.ticket.types[value] })),
      )}
      {enumeration(
        { key: 'priority' },
        ticketText.ticket.priority,
        urgencies.toReversed().map((value) => ({ value, label: ticketText.ticket.priorities[value] })),
      )}
      <Organizations q={q} onChange={onChange} wanted={wanted} />
      <Applications q={q} onChange={onChange} wanted={wanted} />
      <Assignees q={q} onChange={onChange} wanted={wanted} />
      <Teams q={q} onChange={onChange} wanted={wanted} />
      {enumeration(
        flag,
        say.more,
        flags.map((value) => ({ value, label: say.flags[value] })),
        true,
      )}
      {enumeration(
        hidden,
        say.hidden,
        // Only supervisors find what was deleted; a link may ask for it all the same.
        hiddenStates
          .filter((value) => value !== 'deleted' || supervises || shownDeleted)
          .map((value) => ({ value, label: say.hiddenStates[value] })),
      )}
    </fieldset>
  );
}

interface NamesProps extends Props {
  facet: Facet;
  label: string;
  find: string;
  options: PickerOption[];
  loading: boolean;
  /** Hears what is typed, where what is listed depends on it. */
  onType?: (typed: string) => void;
  /** Offers what was typed, where there are more than are listed. */
  other?: (typed: string) => string;
}

/** Many names, to be found by typing; a query has them in any case. */
function Names({ q, onChange, facet, label, find, options, loading, onType, other }: NamesProps) {
  const known = (value: string) =>
    options.find((option) => option.value.toLowerCase() === value.toLowerCase())?.value ?? value;
  const chosen = chosenIn(q, facet).map(known);
  // What the query asks for can be taken away again, listed or not.
  const unlisted = chosen.filter((value) => !options.some((option) => option.value === value));
  return (
    <Picker
      label={label}
      look="chip"
      multiple
      nothing={say.any}
      search={find}
      options={[...unlisted.map((value) => ({ value, label: value })), ...options]}
      loading={loading}
      {...(onType && { onType })}
      {...(other && { other })}
      chosen={chosen}
      onChoose={(values) => onChange(choose(q, facet, values))}
    />
  );
}

const organization: Facet = { key: 'org' };

interface AskingProps extends Props {
  wanted: boolean;
}

function Organizations({ wanted, ...props }: AskingProps) {
  const { data: organizations = [], isLoading } = useQuery({ ...organizationsQuery, enabled: wanted });
  const options = organizations.map(({ name }) => ({ value: name, label: name }));
  return (
    <Names
      {...props}
      facet={organization}
      label={ticketText.ticket.organization}
      find={say.findOrganization}
      options={options}
      loading={isLoading}
    />
  );
}

/**
 * Of one organization that is chosen all applications are offered, else those of all that begin with what is typed; others
 * can be typed.
 */
function Applications({ wanted, ...props }: AskingProps) {
  const [typed, setTyped] = useState('');
  const { data: organizations = [], isLoading } = useQuery({ ...organizationsQuery, enabled: wanted });
  const chosen = chosenIn(props.q, organization).map((name) => name.toLowerCase());
  const ids = organizations.filter(({ name }) => chosen.includes(name.toLowerCase())).map(({ id }) => id);
  const [only = ''] = ids;
  const alone = ids.length === 1;
  const ofOne = useQuery({ ...applicationsQuery(only), enabled: wanted && alone });
  const ofAll = useQuery({
    ...beginningQuery({ key: 'app', value: useLate(typed.trim()) }),
    enabled: wanted && !isLoading && !alone,
    placeholderData: keepPreviousData,
  });
  const { data: applications = [], isLoading: asked } = alone ? ofOne : ofAll;
  const offered = applications.filter((one) => ids.length === 0 || ids.includes(one.organization));
  const options = [...new Set(offered.map(({ name }) => name))].map((name) => ({ value: name, label: name }));
  return (
    <Names
      {...props}
      facet={{ key: 'app' }}
      label={say.application}
      find={say.findApplication}
      options={options}
      loading={isLoading || asked}
      onType={setTyped}
      other={say.other}
    />
  );
}

const assignee: Facet = { key: 'assignee' };

function Assignees({ wanted, ...props }: AskingProps) {
  const self = useSelf();
  const named = chosenIn(props.q, assignee).length > 0; // by their addresses
  const staff = useStaff(wanted || named).filter(({ id }) => id !== self.id);
  const { isLoading } = useQuery({ ...staffQuery, enabled: wanted || named });
  const options = [
    { value: '@me', label: say.me },
    { value: 'none', label: ticketText.ticket.nobody },
    ...staff.map(({ name, email }) => ({ value: email, label: name, hint: email })),
  ];
  return (
    <Names
      {...props}
      facet={assignee}
      label={ticketText.ticket.assignee}
      find={staffText.properties.findPerson}
      options={options}
      loading={isLoading}
    />
  );
}

function Teams({ wanted, ...props }: AskingProps) {
  const { data: teams = [], isLoading } = useQuery({ ...teamsQuery, enabled: wanted });
  const options = [
    { value: 'none', label: staffText.properties.noTeam },
    ...teams.map((name) => ({ value: name, label: name })),
  ];
  return (
    <Names
      {...props}
      facet={{ key: 'team' }}
      label={staffText.properties.team}
      find={say.findTeam}
      options={options}
      loading={isLoading}
      other={say.other}
    />
  );
}
