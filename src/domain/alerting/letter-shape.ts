/** What are the parts of a letter, before it becomes text and HTML? */

/** How serious it looks; `plain` for what is no alert. Colour is never alone: the tag and the words say the same. */
export type Tone = 'severe' | 'over' | 'warning' | 'device' | 'good' | 'plain';

/** A line: what it is about, and what it says. `label` may be empty. */
export interface Row {
  readonly label: string;
  readonly text: string;
  readonly tone?: Tone;
  /** `true`: the picture says it in HTML. */
  readonly isInPicture?: boolean;
  /** In HTML beside the line, in plain text under it. */
  readonly action?: Action | null;
}

/** A word that leads somewhere. */
export interface Action {
  readonly label: string;
  readonly url: string;
}

/** Lines that belong together. */
export interface Section {
  readonly title: string | null;
  readonly rows: readonly Row[];
}

/** A mail's parts, in the order of reading. */
export interface Letter {
  readonly language: 'zh' | 'en';
  readonly tone: Tone;
  readonly subject: string;
  /** The subject without its tag, as a sentence. */
  readonly headline: string;
  /** What the picture shows, for those who do not see it. */
  readonly pictureText: string;
  readonly sections: readonly Section[];
  readonly buttons: readonly Action[];
  readonly link: Action;
  readonly foot: readonly string[];
}
