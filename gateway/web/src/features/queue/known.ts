import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { Application } from '../../api/types.ts';
import { useLate } from '../../lib/use-late.ts';
import { organizationsQuery } from '../applications/applications.ts';
import { teamsQuery, useStaff } from '../staff/staff.ts';
import type { Known, Typed } from '../tickets/query-suggest.ts';

/** So many characters of a name the server takes. */
const maxPrefix = 100;

/** The first applications of all organizations whose name, or an environment's, begins with what is typed. */
export const beginningQuery = ({ key, value }: Typed) =>
  queryOptions({
    queryKey: ['applications', '-', key, value.toLowerCase()],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => {
      const prefix = [...value].slice(0, maxPrefix).join('');
      const query = { pageSize: 50, ...(key === 'env' ? { environmentPrefix: prefix } : { namePrefix: prefix }) };
      const params = { path: { organization: '-' }, query };
      const page = data(await api.GET('/v1/organizations/{organization}/applications', { params, signal }));
      return page.applications as Application[];
    },
  });

const nothing: Typed = { key: '', value: '' };

/** What staff may look for by its name. */
export function useKnown(enabled: boolean, typed: Typed = nothing): Known {
  const { data: organizations = [] } = useQuery({ ...organizationsQuery, enabled });
  const { data: teams = [] } = useQuery({ ...teamsQuery, enabled });
  const people = useStaff(enabled);
  const { data: applications = [] } = useQuery({
    ...beginningQuery({ key: typed.key, value: useLate(typed.value) }),
    enabled: enabled && ['app', 'env'].includes(typed.key),
    placeholderData: keepPreviousData, // what of it has the next letters is still suggested
  });
  return {
    applications,
    organizations: organizations.map(({ name }) => name),
    teams,
    people: people.map(({ email }) => email),
  };
}
