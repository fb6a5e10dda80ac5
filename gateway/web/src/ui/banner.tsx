import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface Props {
  tone: 'info' | 'warning' | 'danger' | 'success';
  icon?: IconName;
  title?: string;
  children?: ReactNode;
  /** Read out as soon as it appears. */
  alert?: boolean;
}

export function Banner({ tone, icon = 'alert', title, children, alert = false }: Props) {
  return (
    <div className={`banner ${tone}`} role={alert ? 'alert' : undefined}>
      <Icon name={icon} />
      <div>
        {title && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
