// SPDX-License-Identifier: MIT
// An HTTP server on a free loopback port.

import { createServer } from 'node:http';

export class LoopbackServer {
  #server;

  // `serve(request, response)` answers each request.
  constructor(serve) {
    this.#server = createServer(serve);
  }

  // Returns the URL. `port` is known from then on.
  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = this.#server.address().port;
    return `http://127.0.0.1:${this.port}`;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
