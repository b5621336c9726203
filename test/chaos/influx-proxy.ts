/** What can an InfluxDB answer that is of no use? A proxy that speaks HTTP: 503, and "partial write" for a culprit. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `refuse` answers 503; `partial` writes all lines but those of the culprit, and answers as InfluxDB does when it drops some. */
export type Answering = 'pass' | 'refuse' | 'partial';

/** A proxy before an InfluxDB of this machine. `culprit`: the lines that are refused under `partial`. */
export class InfluxProxy {
  /** Writes that were answered with a 400. */
  partial = 0;
  /** Writes that were answered with a 503. */
  refused = 0;
  private current: Answering = 'pass';
  private readonly server: Server;

  constructor(
    private readonly target: number,
    private readonly culprit: RegExp,
  ) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  set(answering: Answering): void {
    this.current = answering;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let body = Buffer.concat(chunks).toString();
    if (this.current === 'refuse') {
      this.refused += 1;
      return void response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":"timeout"}');
    }
    let dropped = 0;
    if (this.current === 'partial' && request.url?.startsWith('/write')) {
      const lines = body.split('\n');
      const good = lines.filter((line) => !this.culprit.test(line));
      dropped = lines.length - good.length;
      body = good.join('\n');
    }
    const { method = 'GET', headers, url = '' } = request;
    const type = headers['content-type'];
    const answer = await fetch(`http://127.0.0.1:${this.target}${url}`, {
      method,
      ...(method !== 'GET' && method !== 'HEAD' && { body }),
      headers: { ...(type !== undefined && { 'content-type': type }) },
    });
    if (dropped > 0) {
      this.partial += 1;
      const error = `partial write: field type conflict: input field "value" on measurement "reading" dropped=${dropped}`;
      return void response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
    }
    const text = Buffer.from(await answer.arrayBuffer());
    const kind = answer.headers.get('content-type');
    response.writeHead(answer.status, { ...(kind !== null && { 'content-type': kind }) }).end(text);
  }
}
