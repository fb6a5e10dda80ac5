import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, lazy, Suspense, useState, useSyncExternalStore } from 'react';
import { api } from '../../api/client.ts';
import { sentenceOf } from '../../api/problem.ts';
import { adopt, type Language, languageOf, languages } from '../../lib/locale.ts';
import { settingsText as say } from '../../lib/text.settings.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Loading } from '../../ui/loading.tsx';
import { notices } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { commandDialog } from '../commands/dialog.ts';
import { singleKeys } from '../commands/single-keys.ts';
import { selfQuery, useSelf } from '../session/session.ts';
import { chooseTheme, type Theme, useTheme } from '../shell/theme.ts';
import { clockIn, zoneOptions } from './zones.ts';

/** Only staff is mailed about the work of others. */
const NoticeSettings = lazy(() => import('./notice-settings.tsx'));

export function SettingsPage() {
  const { saved } = useSearch({ from: '/inside/settings' });
  const { staff } = useSelf();
  return (
    <Page title={say.title}>
      {saved && (
        <Banner tone="success" icon="check" alert>
          {say.saved}
        </Banner>
      )}
      <AccountSettings />
      <Suspense fallback={<Loading rows={3} />}>{staff && <NoticeSettings />}</Suspense>
      <DeviceSettings />
    </Page>
  );
}

function AccountSettings() {
  const self = useSelf();
  const [language, setLanguage] = useState<Language>(languageOf(self.locale) ?? 'en');
  const [timeZone, setTimeZone] = useState(self.timeZone);
  const save = useSave();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    // A region that was chosen elsewhere stays while the language does.
    save.mutate({ locale: languageOf(self.locale) === language ? self.locale : language, timeZone });
  };
  return (
    <section className="panel" aria-labelledby="settings-account">
      <h2 id="settings-account">{say.account}</h2>
      <p className="muted">{say.accountLead}</p>
      <form className="form" onSubmit={submit}>
        <SelectField
          label={say.language}
          value={language}
          onChange={(chosen) => setLanguage(chosen as Language)}
          options={Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))}
        />
        <SelectField
          label={say.zone}
          hint={say.zoneHint}
          value={timeZone}
          onChange={setTimeZone}
          options={zoneOptions(self.timeZone)}
        />
        <p className="muted small">{say.now(clockIn(timeZone))}</p>
        {save.error && (
          <Banner tone="danger" alert>
            {sentenceOf(save.error)}
          </Banner>
        )}
        <div className="actions">
          <Button look="primary" type="submit" busy={save.isPending}>
            {save.isPending ? say.saving : say.save}
          </Button>
        </div>
      </form>
    </section>
  );
}

function useSave() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (account: { locale: string; timeZone: string }) => api.PATCH('/v1/me', { body: account }),
    onSuccess: (_, account) => {
      client.setQueryData(selfQuery.queryKey, (old) => old && { ...old, ...account });
      if (adopt(account)) window.location.assign('/settings?saved=true');
      else notices.say(say.saved);
    },
  });
}

function DeviceSettings() {
  const theme = useTheme();
  const keys = useSyncExternalStore(singleKeys.subscribe, singleKeys.on);
  return (
    <section className="panel" aria-labelledby="settings-device">
      <h2 id="settings-device">{say.device}</h2>
      <p className="muted">{say.deviceLead}</p>
      <div className="form">
        <Choice
          label={say.theme}
          look="row"
          value={theme}
          onChange={chooseTheme}
          options={(Object.keys(text.nav.themes) as Theme[]).map((value) => ({ value, label: text.nav.themes[value] }))}
        />
        <fieldset className="field">
          <legend>{say.keys}</legend>
          <Checkbox checked={keys} onChange={singleKeys.turn}>
            {say.keysLabel}
          </Checkbox>
          <span className="hint">{say.keysHint}</span>
        </fieldset>
        <div className="actions">
          <Button onClick={() => commandDialog.show('keys')}>{say.keysShow}</Button>
        </div>
      </div>
    </section>
  );
}
