import type { ReactNode, Ref } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface Props {
  tone: 'info' | 'warning' | 'danger' | 'success';
  icon?: IconName;
  title?: string;
  children?: ReactNode;
  /** Read out as soon as it appears. */
  alert?: boolean;
  ref?: Ref<HTMLDivElement>;
}

export function Banner({ tone, icon = 'alert', title, children, alert = false, ref }: Props) {
  return (
    <div ref={ref} className={`banner ${tone}`} role={alert ? 'alert' : undefined}>
      <Icon name={icon} />
      <div>
        {title && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
