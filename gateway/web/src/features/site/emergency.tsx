import { text } from '../../lib/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { useEmergencyAddress } from './site.ts';

/** The mailbox of last resort with its warning, where there is one. */
export function Emergency() {
  const address = useEmergencyAddress();
  if (!address) return null;
  return (
    <aside className="emergency" aria-label={text.emergency.title}>
      <Icon name="alert" />
      <p>
        <strong>
          {text.emergency.title}: <a href={`mailto:${address}`}>{address}</a>
        </strong>
        <br />
        {text.emergency.warning} {text.emergency.otherwise}
      </p>
    </aside>
  );
}

/** The same within a message. */
export function EmergencyLine() {
  const address = useEmergencyAddress();
  return address ? (
    <p className="small">
      {text.emergency.title}: <a href={`mailto:${address}`}>{address}</a>. {text.emergency.warning}
    </p>
  ) : null;
}
