/** The host's style for the page, and its number format. */
import { type HostContext, notify } from './host.ts';

const root = document.documentElement;
let context: HostContext = {};

/** The host only sends changes. */
export function takeContext(changed: HostContext): void {
  context = { ...context, ...changed };
  const { theme, styles } = context;
  if (theme) root.style.colorScheme = theme;
  // Ignores fonts, because they would have to be loaded over the network.
  for (const [name, value] of Object.entries(styles?.variables ?? {})) if (value) root.style.setProperty(name, value);
}

/** Hosts may send an invalid locale or time zone. */
function inLocale(format: (locale?: string, timeZone?: string) => string): string {
  try {
    return format(context.locale, context.timeZone);
  } catch {
    return format();
  }
}

export const number = (value: number, options?: Intl.NumberFormatOptions): string =>
  inLocale((locale) => value.toLocaleString(locale, options));

export const time = (date: Date): string =>
  inLocale((locale, timeZone) => date.toLocaleTimeString(locale, { timeZone, timeStyle: 'short' }));

/** Sends the height of the page to the host. Not the width: the host might keep it when it has more room. */
export function tellHeight(): void {
  let last = 0;
  new ResizeObserver(() => {
    const height = Math.min(root.offsetHeight, context.containerDimensions?.maxHeight ?? 1e6);
    if (height !== last) notify('ui/notifications/size-changed', { height });
    last = height;
  }).observe(root);
}
