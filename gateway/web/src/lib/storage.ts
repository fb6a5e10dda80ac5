let lost = false;

/** Notes that the browser refused to keep a draft: from now on nothing may say that it does. */
export function noteLostDraft(): void {
  lost = true;
}

export function keepsDrafts(): boolean {
  return !lost;
}
