/** What of a laboratory sample is picked for a decision? */

/** One value of a sample, or all of it. */
export interface PickedSample {
  /** When the sample was taken, ISO, as the service says it. */
  readonly time: string;
  /** `null`: the whole sample. */
  readonly parameter: string | null;
}
