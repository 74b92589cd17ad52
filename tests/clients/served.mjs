// SPDX-License-Identifier: MIT
// Runs the server over HTTP on a free port, and a proxy in front of it that records what clients
// send.
import { spawn } from 'node:child_process';
import http from 'node:http';

const START_LIMIT_MS = 20_000;

export function startServe(binary, args) {
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', ...args]);
  process.on('exit', () => child.kill());
  return new Promise((started, failed) => {
    let printed = '';
    const fail = (why) => failed(new Error(`${why}: ${printed}`));
    const timer = setTimeout(() => { child.kill(); fail('no server came up'); }, START_LIMIT_MS);
    child.on('exit', (code) => { clearTimeout(timer); fail(`serve ended with ${code}`); });
    child.stderr.on('data', (chunk) => { printed += chunk; });
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      const url = printed.match(/http:\/\/127\.0\.0\.1:\d+\/mcp(?=\n)/)?.[0];
      if (!url) return;
      clearTimeout(timer);
      started({ url, close: () => child.kill() });
    });
  });
}

// `messages` are the JSON bodies received, in order.
export async function startProxy(target) {
  const messages = [];
  const listener = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (body.length) messages.push(JSON.parse(body.toString()));
    const { host, ...headers } = request.headers;
    const onward = http.request(new URL(request.url, target), { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.end(body);
  });
  await new Promise((listening) => listener.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${listener.address().port}/mcp`,
    messages,
    close: () => { listener.closeAllConnections(); listener.close(); },
  };
}
