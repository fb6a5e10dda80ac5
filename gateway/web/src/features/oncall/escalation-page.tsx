import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { escalationText as say } from '../../lib/text.escalation.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Banner } from '../../ui/banner.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { policyQuery } from './escalation.ts';
import { EscalationForm } from './escalation-form.tsx';
import { PolicyWords } from './escalation-words.tsx';
import { useMay } from './schedules.ts';
import '../../styles/staff.css';
import '../../styles/on-call.css';
import '../../styles/escalation.css';

/** Who is paged in which order, in words; supervisors change it. */
export function EscalationPage() {
  const { data: policy, error, refetch } = useQuery(policyQuery);
  const { supervise } = useMay();
  const [changing, setChanging] = useState(false);
  return (
    <Page
      title={say.title}
      lead={<p className="muted">{say.lead}</p>}
      above={
        <Link to="/on-call" className="back">
          <Icon name="chevron" size={16} />
          {staffText.onCall.title}
        </Link>
      }
    >
      {policy === undefined &&
        (error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={3} />)}
      {policy !== undefined && changing && <EscalationForm policy={policy} onClose={() => setChanging(false)} />}
      {policy !== undefined && !changing && (
        <div className="policy-page">
          {policy ? <PolicyWords policy={policy} /> : <Banner tone="warning">{say.none}</Banner>}
          <p className="muted small">
            {say.open} {!supervise && say.only}
          </p>
          {supervise && (
            <div className="actions">
              <Fleeting look="primary" onClick={() => setChanging(true)}>
                {policy ? say.change : say.create}
              </Fleeting>
            </div>
          )}
        </div>
      )}
    </Page>
  );
}
