import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Application, Organization } from '../../api/types.ts';
import { applicationsText } from '../../lib/text.applications.ts';
import { Empty } from '../../ui/empty.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { useSeen } from '../../ui/use-seen.ts';
import { useSelf } from '../session/session.ts';
import { Emergency } from '../site/emergency.tsx';
import { countQuery } from '../tickets/count.ts';
import { applicationsQuery, organizationsQuery } from './applications.ts';

/** Of the headings of applications: organizations come in between for staff. */
type Level = 'h2' | 'h3';

export function ApplicationsPage() {
  const self = useSelf();
  const { lead, staffLead } = applicationsText;
  return (
    <Page title={applicationsText.title} lead={<p className="muted">{self.staff ? staffLead : lead}</p>}>
      {self.organization ? <Applications organization={self.organization.id} level="h2" /> : <EveryOrganization />}
    </Page>
  );
}

/** What staff see. */
function EveryOrganization() {
  const { data: organizations, isPending, error, refetch } = useQuery(organizationsQuery);
  if (isPending) return <Loading />;
  if (error) return <Failed error={error} onRetry={refetch} />;
  return organizations.map((organization) => <OfOrganization key={organization.id} organization={organization} />);
}

/** Its applications are asked for when it is looked at: there may be a thousand organizations. */
function OfOrganization({ organization }: { organization: Organization }) {
  const [section, seen] = useSeen<HTMLElement>();
  return (
    <section ref={section} className="organization">
      <h2>{organization.name}</h2>
      {seen ? <Applications organization={organization.id} level="h3" /> : <Loading rows={3} />}
    </section>
  );
}

function Applications({ organization, level }: { organization: string; level: Level }) {
  const { data: applications, isPending, error, refetch } = useQuery(applicationsQuery(organization));
  if (isPending) return <Loading rows={3} />;
  if (error) return <Failed error={error} onRetry={refetch} />;
  if (applications.length === 0) {
    return <Empty icon="apps" title={applicationsText.empty} lead={applicationsText.emptyLead} />;
  }
  return (
    <div className="cards">
      {applications.map((application) => (
        <Card key={application.id} organization={organization} application={application} level={level} />
      ))}
    </div>
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <>
      <Failure title={applicationsText.failed} error={error} onRetry={() => onRetry()} />
      <Emergency />
    </>
  );
}

interface CardProps {
  organization: string;
  application: Application;
  level: Level;
}

/** Its tickets are counted when it is looked at: staff see the applications of everybody. */
function Card({ organization, application, level: Heading }: CardProps) {
  const { staff } = useSelf();
  const [card, seen] = useSeen<HTMLElement>();
  // Other organizations may have the same names.
  const filter = `app:${application.id}`;
  return (
    <section ref={card} className="card">
      <header>
        <Heading>{application.name}</Heading>
        {seen && <OpenTickets filter={filter} />}
      </header>
      <ul>
        {application.environments.map((environment) => (
          <li key={environment.id}>
            <span className={`environment ${environment.kind}`}>{environment.name}</span>
            {seen && <OpenTickets filter={`${filter} env:${environment.id}`} />}
          </li>
        ))}
      </ul>
      <Link
        to="/tickets/new"
        search={{ application: application.id, ...(staff && { organization }) }}
        className="small"
        aria-label={applicationsText.createAbout(application.name)}
      >
        {applicationsText.create}
      </Link>
    </section>
  );
}

/** The number of open tickets, which leads to them. */
function OpenTickets({ filter }: { filter: string }) {
  // It may have changed on the page that one comes from.
  const { data: count } = useQuery({ ...countQuery(`is:open ${filter}`), staleTime: 0 });
  if (!count) return null;
  if (count.n === 0) return <span className="muted small">{applicationsText.none}</span>;
  return (
    <Link to="/tickets" search={{ q: filter }} className="small">
      {applicationsText.open(count.n, count.more)}
    </Link>
  );
}
