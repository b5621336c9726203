/** How do bulletins leave as files? By the office's templates, or the built-in ones where there is none that is fit. */
import { createHash } from 'node:crypto';
import type { Bulletin, BulletinKind, DayCourse } from '../../domain/bulletins/bulletin.js';
import type { FileHead, Press, Rendered } from '../../pipeline/bulletins/bulletin-stores.js';
import { builtInTemplate } from './built-in-template.js';
import { fillIn, type Picture } from './docx.js';
import { officeTemplate } from './office-template.js';
import { workbook } from './xlsx.js';

/** Draws a course: PNG of this size. */
export interface DrawDays {
  readonly width: number;
  readonly height: number;
  draw(course: DayCourse): Uint8Array;
}

/** Files of bulletins, from `templates/` of a config folder. A template is read when it is needed, so a mended one counts at once. */
export class FilePress implements Press {
  constructor(
    private readonly configDir: string,
    private readonly days: DrawDays,
  ) {}

  async render(bulletin: Bulletin, template: string | null): Promise<Rendered> {
    const { width, height } = this.days;
    const courses = bulletin.sections.flatMap((section) => section.courses);
    const pictures = courses.map((course): Picture => ({ png: this.days.draw(course), width, height }));
    const { bytes, trouble } = officeTemplate(this.configDir, bulletin.kind, template);
    const filled = filledBy(bytes, bulletin, pictures);
    const files = { docx: filled.docx, xlsx: await workbook(bulletin, pictures) };
    return {
      files,
      heads: { docx: headOf(files.docx), xlsx: headOf(files.xlsx) },
      templateTrouble: trouble ?? filled.trouble,
    };
  }

  picture(course: DayCourse): Uint8Array {
    return this.days.draw(course);
  }

  templateTrouble(kind: BulletinKind, template: string | null): string | null {
    return officeTemplate(this.configDir, kind, template).trouble;
  }
}

/** A template that reads well may still not take what is filled in; a bulletin comes all the same. */
function filledBy(
  template: Uint8Array | null,
  bulletin: Bulletin,
  pictures: readonly Picture[],
): { docx: Uint8Array; trouble: string | null } {
  const own = (): Uint8Array => fillIn(builtInTemplate(bulletin.kind), bulletin, pictures);
  if (template === null) return { docx: own(), trouble: null };
  try {
    return { docx: fillIn(template, bulletin, pictures), trouble: null };
  } catch (error) {
    return { docx: own(), trouble: `模板填充失败:${error instanceof Error ? error.message : String(error)}。已改用内置模板。` };
  }
}

const headOf = (bytes: Uint8Array): FileHead => ({
  bytes: bytes.length,
  hash: createHash('sha256').update(bytes).digest('hex'),
});
