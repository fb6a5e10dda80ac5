import { useId, useRef } from 'react';
import { feedsText as say } from '../../lib/text.feeds.ts';
import { Button } from '../../ui/button.tsx';
import { notices } from '../../ui/notices.tsx';

/** What is there to be copied, with a button that does it. */
export function CopyField({ label, hint, value }: { label: string; hint: string; value: string }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value); // which browsers have on secure pages only
      notices.say(say.copied);
    } catch {
      notices.say(say.copyFailed);
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="hint" id={`${id}-hint`}>
        {hint}
      </span>
      <div className="copy">
        <input
          ref={field}
          id={id}
          type="text"
          readOnly
          value={value}
          aria-describedby={`${id}-hint`}
          onFocus={({ target }) => target.select()}
        />
        <Button onClick={copy}>{say.copy}</Button>
      </div>
    </div>
  );
}
