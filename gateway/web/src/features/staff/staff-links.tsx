import { Link } from '@tanstack/react-router';
import { staffText } from '../../lib/text.staff.ts';
import { Icon } from '../../ui/icon.tsx';
import '../../styles/staff-shell.css';

export { Bell } from '../bell/bell.tsx';

/** Where support staff work, in the navigation. */
export function StaffLinks() {
  return (
    <>
      <Link to="/queue" className="nav-link" activeOptions={{ exact: false, includeSearch: false }}>
        <Icon name="inbox" />
        {staffText.queue.title}
      </Link>
      <Link to="/on-call" className="nav-link" activeOptions={{ exact: false }}>
        <Icon name="phone" />
        {staffText.onCall.title}
      </Link>
      <Link to="/mail/{-$tab}" className="nav-link" activeOptions={{ exact: false, includeSearch: false }}>
        <Icon name="mail" />
        {staffText.mail.title}
      </Link>
    </>
  );
}
