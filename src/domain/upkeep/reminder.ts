/** What does the mail say that tells of due work at the instruments? */
import type { Message, Occasion } from '../alerting/facts.js';
import { contacts, messageOf } from '../alerting/letter.js';
import type { Row, Section } from '../alerting/letter-shape.js';
import type { Person } from '../people.js';
import type { Station } from '../station.js';
import { localDate } from '../time.js';
import { TASK_NAMES, type UpkeepStanding } from './plan.js';

/** One task that is due at a station. */
export interface DueTask extends UpkeepStanding {
  readonly station: Station;
}

/** Everything the mail tells. */
export interface ReminderFacts extends Occasion {
  /** What became due and was not told before; at least one. */
  readonly fresh: readonly DueTask[];
  /** What was told before and is still to be done. */
  readonly late: readonly DueTask[];
}

/** The mail to whoever looks after the instruments: one a morning at most, and none where nothing became due. */
export function reminderMessage(facts: ReminderFacts, { language }: Pick<Person, 'language'>): Message {
  const { site, now, fresh, late, onDuty, whyYou } = facts;
  const zh = language === 'zh';
  const day = localDate(now, site.calendar).slice(5);
  const [first] = fresh;
  const name = first === undefined ? '' : `${zh ? first.station.name : first.station.nameEn} ${TASK_NAMES[first.task][language]}`;
  const others = fresh.length > 1 ? (zh ? ' 等' : ' and others') : '';
  const tasks = fresh.length === 1 ? 'task' : 'tasks';
  const head = zh
    ? `${fresh.length} 项到期:${name}${others}${late.length > 0 ? `;另有 ${late.length} 项逾期未做` : ''}`
    : `${fresh.length} ${tasks} due: ${name}${others}${late.length > 0 ? `; ${late.length} more overdue` : ''}`;
  const office = { name: { zh: site.office, en: site.office }, phone: site.officePhone };
  const call = contacts(onDuty, office, language);
  return messageOf(
    {
      language,
      tone: late.length > 0 || fresh.some(({ state }) => state === 'overdue') ? 'warning' : 'plain',
      subject: `${zh ? '【运维】' : '【运维 Upkeep】'}${head} ${day}`,
      headline: `${head}${zh ? '。' : '.'}`,
      pictureText: '',
      sections: [
        section(zh ? '到期' : 'Due', fresh, zh),
        section(zh ? '逾期未做' : 'Overdue', late, zh),
        { title: null, rows: [{ label: zh ? '联系' : 'Call', text: call }] },
      ].filter(({ rows }) => rows.length > 0),
      buttons: [],
      link: { label: zh ? '打开运维' : 'Open upkeep', url: facts.link },
      foot: zh
        ? [`收到此信的原因:${whyYou.zh}。做完后在站点页“结束维护”时勾选所做项目,下次到期日随之更新。`]
        : [`Why you get this: ${whyYou.en}. Tick what was done when you end the maintenance on the station's page.`],
    },
    null,
  );
}

/** One line a station. */
function section(title: string, tasks: readonly DueTask[], zh: boolean): Section {
  const stations = [...new Set(tasks.map(({ station }) => station))];
  return {
    title,
    rows: stations.map((station): Row => {
      const own = tasks.filter((one) => one.station === station);
      const text = own.map(({ task, due }) =>
        zh ? `${TASK_NAMES[task].zh}(应于 ${due?.slice(5)})` : `${TASK_NAMES[task].en} (due ${due?.slice(5)})`,
      );
      return { label: zh ? station.name : station.nameEn, text: text.join(zh ? '、' : ', ') };
    }),
  };
}
