import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { mailText as say } from '../../lib/text.mail.ts';
import { Page } from '../../ui/page.tsx';
import { NotFoundPage } from '../shell/error-pages.tsx';
import { inboundQuery } from './inbound.ts';
import { InboundLog } from './inbound-log.tsx';
import { Suppressions } from './suppression-list.tsx';
import '../../styles/staff.css';
import '../../styles/mail.css';

const tabs = ['log', 'quarantine', 'suppressions'] as const;
type Tab = (typeof tabs)[number];

/** What came in and what became of it, what waits for a person, and who gets no mail. */
export function MailPage() {
  const { tab } = useParams({ from: '/inside/mail/{-$tab}' });
  const shown = tabs.find((one) => one === (tab ?? 'log'));
  if (!shown || tab === 'log') return <NotFoundPage />;
  return (
    <Page title={say.title} tab={`${say.tabs[shown]} · ${say.title}`} lead={<p className="muted">{say.lead}</p>}>
      <Tabs shown={shown} />
      <section className="mail-list" aria-labelledby="mail-tab">
        <h2 id="mail-tab" className="hidden">
          {say.tabs[shown]}
        </h2>
        {shown === 'log' && <InboundLog />}
        {shown === 'quarantine' && <InboundLog fixed="quarantined" />}
        {shown === 'suppressions' && <Suppressions />}
      </section>
    </Page>
  );
}

function Tabs({ shown }: { shown: Tab }) {
  const { data } = useInfiniteQuery(inboundQuery({ verdict: 'quarantined' }));
  const held = data?.pages.flatMap(({ mails }) => mails).length ?? 0;
  const more = data?.pages.at(-1)?.nextPageToken !== '';
  return (
    <nav className="tabs" aria-label={say.tabsLabel}>
      {tabs.map((tab) => (
        <Link
          key={tab}
          to="/mail/{-$tab}"
          params={{ tab: tab === 'log' ? undefined : tab }}
          aria-current={tab === shown ? 'page' : undefined}
          activeOptions={{ exact: true }}
        >
          {tab === 'quarantine' && held > 0 ? say.tabCount(say.tabs[tab], held, more) : say.tabs[tab]}
        </Link>
      ))}
    </nav>
  );
}
