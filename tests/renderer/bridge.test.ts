// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { DeskError } from '../../electron/contract/errors.ts';
import { createCall, type DeskBridge } from '../../renderer/bridge.ts';
import { createFakeDeskBridge } from '../support/fake-desk-bridge.ts';

const silent: Omit<DeskBridge, 'call'> = {
  subscribe: () => ({ ack() {}, resync() {}, setVisible() {}, close() {} }),
  onCommand: () => () => undefined,
  cancel: () => undefined,
  platform: { os: 'linux', electron: '0.0.0' },
};

test('rejects with the host’s code and detail', async () => {
  const fake = createFakeDeskBridge({
    handlers: {
      'swarm.stop': () => {
        throw new DeskError('AGENT_NOT_FOUND', 'There is no agent momentum-09.', { agentId: 'momentum-09' });
      },
    },
  });
  const call = createCall(fake.bridge);
  await expect(call('swarm.stop', { agentId: 'momentum-09' })).rejects.toMatchObject({
    code: 'AGENT_NOT_FOUND',
    detail: { agentId: 'momentum-09' },
  });
});

test('does not let an answer through that the contract does not allow', async () => {
  const call = createCall({ ...silent, call: async () => ({ ok: true, value: { blockedAt: 'now' } }) });
  await expect(call('swarm.block', {})).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('asks nothing when it was cancelled before', async () => {
  let asked = 0;
  const call = createCall({
    ...silent,
    async call() {
      asked += 1;
      return { ok: true, value: {} };
    },
  });
  await expect(call('notices.dismiss', { noticeId: 'n' }, AbortSignal.abort())).rejects.toThrow();
  expect(asked).toBe(0);
});
