// SPDX-License-Identifier: MIT
// Removes from a recording what identifies the machine on which it was made, and finds what is left
// of that. Nothing else changes: order, types and spelling of attributes are as they were sent.

import { homedir, hostname, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
const OF_MACHINE = /^(host|process|os|container|service\.instance)\./;

export class Scrub {
  #ports;

  // `ports` are those of the local servers, which differ in each recording; they become 8000, 8001,
  // ... `folders` become /app.
  constructor(ports, folders) {
    this.#ports = new Map(ports.map((port, index) => [String(port), String(8000 + index)]));
    this.folders = [...folders, HERE, process.cwd(), dirname(dirname(process.execPath))];
  }

  request(request) {
    const walked = this.#walk(request);
    for (const { resource } of walked.resourceSpans ?? walked.resourceLogs ?? []) {
      if (!resource?.attributes) continue;
      resource.attributes = resource.attributes.filter(({ key }) => !OF_MACHINE.test(key));
    }
    return walked;
  }

  truth(truth) {
    return this.#walk(truth);
  }

  #walk(value) {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return Number(this.#ports.get(String(value)) ?? value);
    if (Array.isArray(value)) return value.map((inner) => this.#walk(inner));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, this.#walk(inner)]),
    );
  }

  #text(text) {
    for (const folder of this.folders) {
      text = text.replaceAll(`file://${folder}`, 'file:///app').replaceAll(folder, '/app');
    }
    for (const [port, written] of this.#ports) {
      text = text.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${written}`);
      if (text === port) text = written;
    }
    return text;
  }

  // The words in `text` that must not be there.
  leftIn(text) {
    const folders = [`${homedir()}/`, `${tmpdir()}/`, HERE, process.cwd()];
    const words = [hostname(), 'registry'];
    return [
      ...folders.filter((one) => text.includes(one)),
      ...words.filter((one) => new RegExp(`(?<!\\w)${RegExp.escape(one)}(?!\\w)`).test(text)),
    ];
  }
}
