/** How does HTTP end? Answers under way are finished, but a client that sends or reads too slowly does not hold the service up. */
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { SECOND } from '../../domain/time.js';

/** How long answers under way may take once the service stops, milliseconds. */
export const CLOSING_TIME = 2 * SECOND;

/** Cuts the connections that are still open a while after the server was told to close. */
@Injectable()
export class Closing implements BeforeApplicationShutdown {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  /** The framework calls it just before it closes the server, which by itself would wait for every connection. */
  beforeApplicationShutdown(): void {
    const server = this.host.httpAdapter.getHttpServer() as { closeAllConnections(): void };
    setTimeout(() => server.closeAllConnections(), CLOSING_TIME).unref();
  }
}
