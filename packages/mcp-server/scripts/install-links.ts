/** Links that install the server in a host with one click. */
import { serverEntry } from '../src/cli/agent-hosts.ts';
import type { Launch } from '../src/cli/launch.ts';

/** Opens VS Code through this page, because a README may not link to `vscode:`. */
export function vscodeLink(name: string, launch: Launch): string {
  const page = new URL('https://insiders.vscode.dev/redirect/mcp/install');
  page.searchParams.set('name', name);
  page.searchParams.set('config', JSON.stringify({ type: 'stdio', ...serverEntry(launch) }));
  return page.href;
}

/** The same for Cursor, which expects the entry as base64. */
export function cursorLink(name: string, launch: Launch): string {
  const page = new URL('https://cursor.com/en/install-mcp');
  page.searchParams.set('name', name);
  page.searchParams.set('config', Buffer.from(JSON.stringify(serverEntry(launch))).toString('base64'));
  return page.href;
}
