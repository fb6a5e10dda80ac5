import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { Site } from '../../api/types.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Emergency } from '../site/emergency.tsx';
import { siteQuery } from '../site/site.ts';
import { LoginForm } from './login-form.tsx';
import { logIn } from './session.ts';
import { wayOn } from './way-on.ts';

export function LoginPage() {
  const router = useRouter();
  const client = useQueryClient();
  const { next } = useSearch({ from: '/login' });
  const { data: site } = useQuery(siteQuery);

  const enter = async () => {
    client.clear(); // what the one before could see
    client.setQueryData<Site>(siteQuery.queryKey, site && { ...site, hasSession: true });
    router.history.push(wayOn(next));
  };

  return (
    <main className="login">
      <div className="login-card">
        <p className="brand">
          <img src="/favicon.svg" alt="" width="32" height="32" />
          {text.product}
        </p>
        <Page title={text.login.title} lead={<p className="muted">{text.login.lead}</p>}>
          <LoginForm onDone={enter} />
          {site && site.demoLogins.length > 0 && <DemoLogins logins={site.demoLogins} onDone={enter} />}
        </Page>
      </div>
      <Emergency />
    </main>
  );
}

function DemoLogins({ logins, onDone }: { logins: Site['demoLogins']; onDone: () => Promise<void> }) {
  const [busy, setBusy] = useState('');
  const [fault, setFault] = useState<unknown>();
  const enter = async (login: Site['demoLogins'][number]) => {
    setBusy(login.email);
    try {
      await logIn(login.email, login.password);
      await onDone();
    } catch (error) {
      setFault(error);
    } finally {
      setBusy('');
    }
  };
  return (
    <section className="demo">
      <h2>{text.login.demo}</h2>
      {fault !== undefined && (
        <Banner tone="danger" alert>
          {sentenceOf(fault)}
        </Banner>
      )}
      <div className="demo-logins">
        {logins.map((login) => (
          <Button key={login.email} busy={busy === login.email} onClick={() => enter(login)}>
            <span className="name">{login.name}</span>
            <span className="role">{roleOf(login.role)}</span>
          </Button>
        ))}
      </div>
      <h3>{text.login.tryThis}</h3>
      <ol>
        {text.login.tries.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
    </section>
  );
}

/** "customer, Brickyard Stores" in the reader's language. */
function roleOf(role: string): string {
  const [what = '', ...where] = role.split(', ');
  const names: Record<string, string> = text.login.roles;
  return [names[what] ?? what, ...where].join(', ');
}
