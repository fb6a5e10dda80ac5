import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Application, Organization } from '../../api/types.ts';
import { applicationsText } from '../../lib/text.applications.ts';
import { Empty } from '../../ui/empty.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { useSelf } from '../session/session.ts';
import { applicationsQuery, countFor, type OpenTickets, openTicketsQuery, organizationsQuery } from './applications.ts';

/** Of the headings of applications: organizations come in between for staff. */
type Level = 'h2' | 'h3';

export function ApplicationsPage() {
  const self = useSelf();
  return (
    <Page title={applicationsText.title} lead={<p className="muted">{applicationsText.lead}</p>}>
      {self.organization ? <Applications organization={self.organization.id} level="h2" /> : <EveryOrganization />}
    </Page>
  );
}

/** What staff see. */
function EveryOrganization() {
  const { data: organizations, isPending, error, refetch } = useQuery(organizationsQuery);
  if (isPending) return <Loading />;
  if (error) return <Failure title={applicationsText.failed} error={error} onRetry={() => refetch()} />;
  return organizations.map((organization: Organization) => (
    <section key={organization.id} className="organization">
      <h2>{organization.name}</h2>
      <Applications organization={organization.id} level="h3" />
    </section>
  ));
}

function Applications({ organization, level }: { organization: string; level: Level }) {
  const { data: applications, isPending, error, refetch } = useQuery(applicationsQuery(organization));
  const { data: open } = useQuery(openTicketsQuery);
  if (isPending) return <Loading rows={3} />;
  if (error) return <Failure title={applicationsText.failed} error={error} onRetry={() => refetch()} />;
  if (applications.length === 0) {
    return <Empty icon="apps" title={applicationsText.empty} lead={applicationsText.emptyLead} />;
  }
  return (
    <div className="cards">
      {applications.map((application) => (
        <Card key={application.id} application={application} open={open} level={level} />
      ))}
    </div>
  );
}

interface CardProps {
  application: Application;
  open: OpenTickets | undefined;
  level: Level;
}

function Card({ application, open, level: Heading }: CardProps) {
  return (
    <section className="card">
      <header>
        <Heading>{application.name}</Heading>
        {open && (
          <Count
            n={countFor(open.tickets, application.id)}
            more={open.more}
            query={`app:${quoted(application.name)}`}
          />
        )}
      </header>
      <ul>
        {application.environments.map((environment) => (
          <li key={environment.id}>
            <span className={`environment ${environment.kind}`}>{environment.name}</span>
            {open && (
              <Count
                n={countFor(open.tickets, application.id, environment.id)}
                more={open.more}
                query={`app:${quoted(application.name)} env:${quoted(environment.name)}`}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Count({ n, more, query }: { n: number; more: boolean; query: string }) {
  if (n === 0 && !more) return <span className="muted small">{applicationsText.none}</span>;
  return (
    <Link to="/tickets" search={{ q: query }} className="small">
      {applicationsText.open(n, more)}
    </Link>
  );
}

function quoted(name: string): string {
  return /[\s,"]/.test(name) ? `"${name.replaceAll('"', '')}"` : name;
}
