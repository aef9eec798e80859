import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const isolates = await machineIsolates();

/** Answers every connection with the request it got, after a line of its own. */
const echo = `use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8000, Listen => 5) or die;
while (my $client = $server->accept) {
  my ($head, $body, $length) = ("", "", 0);
  while (my $line = <$client>) { $head .= $line; $length = $1 if $line =~ /^content-length: (\\d+)/i; last if $line eq "\\r\\n" }
  read $client, $body, $length if $length;
  my ($first) = split /\\r\\n/, $head;
  my $answer = "$first|$body|" . ("x" x 200000);
  print $client "HTTP/1.1 201 Created\\r\\nX-From: inside\\r\\nContent-Length: " . length($answer) . "\\r\\n\\r\\n$answer";
  close $client;
}`;

describe.skipIf(!isolates)('a port of a program in a sandbox', () => {
  let open: OpenRuntime;
  let sandbox: Sandbox;
  beforeAll(async () => {
    open = await openRuntime();
    sandbox = await open.client.Sandbox.create();
    await sandbox.files.write('echo.pl', echo);
    await sandbox.commands.run('exec perl echo.pl', { background: true, timeoutMs: 0 });
  });
  afterAll(() => open.close());

  /** Sends a request as a browser would that resolves the host name to this machine. */
  async function send(host: string, path: string, body = '') {
    const { port } = new URL(open.runtime.url);
    return new Promise<{ status: number; from: unknown; body: string }>((resolve, reject) => {
      const headers = { host, 'content-length': Buffer.byteLength(body) };
      const sent = request({ host: '127.0.0.1', port, path, method: body === '' ? 'GET' : 'POST', headers });
      sent.once('response', (response) => {
        text(response).then(
          (answer) =>
            resolve({ status: response.statusCode ?? 0, from: response.headers['x-from'], body: answer }),
          reject,
        );
      });
      sent.once('error', reject).end(body);
    });
  }

  test('is reached by the host name the SDK gives', async () => {
    const host = sandbox.getHost(8000);
    expect(host).toBe(`8000-${sandbox.sandboxId}.localhost:${new URL(open.runtime.url).port}`);
    await expect.poll(async () => (await send(host, '/some/path?x=1')).status, { timeout: 5_000 }).toBe(201);
    const answer = await send(host, '/sandboxes', 'a body');
    expect(answer.from).toBe('inside');
    expect(answer.body).toBe(`POST /sandboxes HTTP/1.1|a body|${'x'.repeat(200_000)}`);
    expect((await sandbox.commands.list()).length).toBe(1);
  });

  test('is answered for when nothing listens, and when there is no sandbox', async () => {
    const closed = await send(sandbox.getHost(8001), '/');
    expect([closed.status, JSON.parse(closed.body)]).toEqual([
      502,
      {
        sandboxId: sandbox.sandboxId,
        message: 'The sandbox is running but port is not open',
        port: 8001,
        code: 502,
      },
    ]);
    const doomed = await open.client.Sandbox.create();
    await doomed.pause();
    const paused = await send(doomed.getHost(8000), '/');
    expect([paused.status, JSON.parse(paused.body)]).toEqual([
      502,
      { sandboxId: doomed.sandboxId, message: 'The sandbox was not found', code: 502 },
    ]);
  });
});
