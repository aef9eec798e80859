// A stand-in for the headless host, as plain JavaScript that Node runs by itself: it answers on the control socket with
// a snapshot and to host.shutdown, or ends the way SCRIPT says: "refuse", "crash", "mute" (it never answers), or "obey" (the default). Its process number is in the file "pid".
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';

const home = process.env.NEURAL_TRADER_HOME;
writeFileSync(join(home, 'pid'), String(process.pid));

if (process.env.SCRIPT === 'refuse') {
  process.stderr.write(
    `${JSON.stringify({ code: 'MARKET_FILE_INVALID', message: 'line 7: the high is below the low' })}\n`,
  );
  process.exit(1);
}
if (process.env.SCRIPT === 'crash') throw new TypeError('nobody foresaw this');

const state = {
  mode: 'demo',
  host: { startedAt: 1, pid: process.pid, version: '9.8.7' },
};

const server = createServer((socket) => {
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new SocketMessageWriter(socket),
  );
  connection.onRequest('desk/subscribe', () => {
    void connection.sendNotification('desk/frame', { kind: 'snapshot', seq: 1, state, gauges: null });
    return true;
  });
  connection.onRequest('desk/call', ({ name }) => {
    if (name !== 'host.shutdown') return { ok: false, error: { code: 'UNKNOWN_OPERATION', message: name } };
    // Like the real host: the answer first, the end a little later.
    setTimeout(end, 200);
    return { ok: true, value: { pid: process.pid } };
  });
  connection.listen();
});
server.listen(join(home, process.env.SCRIPT === 'mute' ? 'elsewhere.sock' : 'control.sock'));
process.on('SIGTERM', end);

function end() {
  process.stderr.write('ending in order\n');
  server.close();
  process.exit(0);
}
