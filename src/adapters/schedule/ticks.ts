/** What must happen although no message arrives? */
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

/** What is done at each tick. */
export interface Tasks {
  /** Windows close and mails come due by the clock alone. */
  everySecond(): void;
  /** What nobody needs any more goes. */
  everyMinute(): void;
}

/** Injection token of `Tasks`. */
export const TASKS = Symbol('Tasks');

/** Runs the tasks while the service runs; both only wake workers, which never run twice at once. */
@Injectable()
export class Ticks {
  constructor(@Inject(TASKS) private readonly tasks: Tasks) {}

  @Interval(1000)
  everySecond(): void {
    this.tasks.everySecond();
  }

  @Interval(60_000)
  everyMinute(): void {
    this.tasks.everyMinute();
  }
}
