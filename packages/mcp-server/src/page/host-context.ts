/** How the host wants the page to look, and how it writes numbers. */
import { type HostContext, notify } from './host.ts';

const root = document.documentElement;
let context: HostContext = {};

/** The host tells only what it has changed. */
export function takeContext(changed: HostContext): void {
  context = { ...context, ...changed };
  const { theme, styles } = context;
  if (theme) root.style.colorScheme = theme;
  // No fonts: they would have to come over the network.
  for (const [name, value] of Object.entries(styles?.variables ?? {})) if (value) root.style.setProperty(name, value);
}

/** Hosts send any text as a locale, and any text as a time zone. */
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

/** Tells the host how tall the page is. Not how wide: a host that sets this width would keep it when it has more room. */
export function tellHeight(): void {
  let last = 0;
  new ResizeObserver(() => {
    const height = Math.min(root.offsetHeight, context.containerDimensions?.maxHeight ?? 1e6);
    if (height !== last) notify('ui/notifications/size-changed', { height });
    last = height;
  }).observe(root);
}
