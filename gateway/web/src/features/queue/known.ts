import { useQuery } from '@tanstack/react-query';
import { organizationsQuery } from '../applications/applications.ts';
import { teamsQuery, useStaff } from '../staff/staff.ts';
import type { Known } from '../tickets/query-suggest.ts';

/** What staff may look for by its name. */
export function useKnown(enabled: boolean): Known {
  const { data: organizations = [] } = useQuery({ ...organizationsQuery, enabled });
  const { data: teams = [] } = useQuery({ ...teamsQuery, enabled });
  const people = useStaff(enabled);
  return { organizations: organizations.map(({ name }) => name), teams, people: people.map(({ email }) => email) };
}
