import { Link } from '@tanstack/react-router';
import { drillsText as say } from '../../lib/text.drills.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { DrillBegin } from './drill-begin.tsx';
import { DrillList } from './drill-list.tsx';
import { DrillWeekly } from './drill-weekly.tsx';
import '../../styles/staff.css';
import '../../styles/on-call.css';
import '../../styles/drills.css';

/** Whether pages would reach anybody is tried: each week, and when somebody wants to know. */
export function DrillsPage() {
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
      <DrillBegin />
      <DrillWeekly />
      <DrillList />
    </Page>
  );
}
