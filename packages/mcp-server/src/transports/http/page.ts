import { version } from '../../version.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? '');

/** The page for a person who opens the address in a browser: what this is, and how to connect. */
export function pageFor(url: string): Response {
  const address = escaped(url);
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Ollama Toolbelt</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}pre{overflow:auto;padding:1rem;background:#8882}</style>
<h1>Ollama Toolbelt</h1>
<p>This is an MCP server (version ${escaped(version)}): it gives an agent the models of an Ollama server. It speaks the
Model Context Protocol with programs, so there is nothing more to see in a browser.</p>
<p>To connect a host, give it this address, as a server of the kind "Streamable HTTP":</p>
<pre>${address}</pre>
<p>With Claude Code:</p>
<pre>claude mcp add --transport http ollama ${address}</pre>
<p>If the server has a token, the host sends it as the header <code>Authorization: Bearer …</code>. If it has OAuth, the
host asks you to log in.</p>
</html>
`;
  return new Response(html, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
