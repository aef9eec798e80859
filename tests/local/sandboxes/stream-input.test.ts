import type { MessageInitShape } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import type { Sandbox } from 'e2b';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  Process,
  type StreamInputRequestSchema,
} from '../../../electron/local/sandboxes/proto/process_pb.ts';
import { type OpenRuntime, openRuntime } from './open-runtime.ts';

type Input = AsyncGenerator<MessageInitShape<typeof StreamInputRequestSchema>>;

function stdin(text: string) {
  return { input: { case: 'stdin', value: Buffer.from(text) } } as const;
}

let open: OpenRuntime;
let sandbox: Sandbox;
beforeAll(async () => {
  open = await openRuntime();
  sandbox = await open.client.Sandbox.create();
});
afterAll(() => open.close());

/** The SDK neither streams input nor tags processes, so a client of the protocol itself does. */
function processClient() {
  const accessToken = sandbox['envdAccessToken'];
  return createClient(
    Process,
    createConnectTransport({
      baseUrl: open.runtime.url,
      httpVersion: '1.1',
      useBinaryFormat: false,
      interceptors: [
        (next) => (request) => {
          request.header.set('E2b-Sandbox-Id', sandbox.sandboxId);
          request.header.set('X-Access-Token', String(accessToken));
          return next(request);
        },
      ],
    }),
  );
}

test('a stream of input reaches the process its tag names, in order', async () => {
  const client = processClient();
  const tagged = { selector: { case: 'tag', value: 'sorter' } } as const;
  const output: string[] = [];
  const events = client.start({ process: { cmd: '/bin/cat' }, tag: 'sorter', stdin: true });
  const followed = (async () => {
    for await (const { event } of events) {
      if (event?.event.case === 'data' && event.event.value.output.case === 'stdout')
        output.push(Buffer.from(event.event.value.output.value).toString());
    }
  })();
  await expect.poll(async () => (await client.list({})).processes[0]?.tag).toBe('sorter');
  await client.streamInput(
    (async function* (): Input {
      yield { event: { case: 'start', value: { process: tagged } } };
      for (const part of ['one ', 'two ', 'three']) {
        yield { event: { case: 'data', value: { input: stdin(part) } } };
        yield { event: { case: 'keepalive', value: {} } };
      }
    })(),
  );
  await client.closeStdin({ process: tagged });
  await followed;
  expect(output.join('')).toBe('one two three');
});

test('a stream of input without a process is refused', async () => {
  const stream = async function* (): Input {
    yield { event: { case: 'data', value: { input: stdin('lost') } } };
  };
  await expect(processClient().streamInput(stream())).rejects.toThrow('starts with its process');
});
