/** What does the 晨报 say? The five things of the river chief's card, what stands, and what the night left. */
import { setAsideWords } from '../reviewing/findings.js';
import { CLASS_NAMES } from '../compliance/class.js';
import type { Person } from '../people.js';
import { clockTime, type Instant, localDate, shortTime } from '../time.js';
import { comparisonText } from '../upkeep/comparison.js';
import type { Words } from './alert.js';
import type { Message } from './facts.js';
import { contacts, messageOf } from './letter.js';
import type { Row, Section, Tone } from './letter-shape.js';
import { called, duration } from './message-words.js';
import type { MonthSoFar, Morning, SectionNow, YearSoFar } from './morning-facts.js';

export type { Morning };

type Language = keyof Words;

const STATUS: Readonly<Record<NonNullable<YearSoFar['status']>, Words & { readonly tone: Tone }>> = {
  met: { zh: '达标', en: 'met', tone: 'good' },
  behind: { zh: '未达进度', en: 'behind', tone: 'warning' },
  missed: { zh: '未达目标', en: 'missed', tone: 'over' },
  insufficient: { zh: '未判定:有效评价不足', en: 'undetermined: too little judged', tone: 'device' },
};

const BASIS: Readonly<Record<YearSoFar['basis'], Words>> = {
  section: { zh: '个断面', en: 'sections' },
  'section-month': { zh: '个断面月', en: 'section-months' },
  'station-time': { zh: '个站时段', en: 'station windows' },
  sample: { zh: '份水样', en: 'samples' },
};

/** The morning mail of a person; parts that are not known are left out, never filled in. */
export function morningMessage(morning: Morning, person: Pick<Person, 'language'>): Message {
  const { language } = person;
  const { site, now, standing } = morning;
  const zh = language === 'zh';
  const day = localDate(now, site.calendar).slice(5);
  const name =
    morning.river === null ? site[zh ? 'name' : 'nameEn'] : `${site[zh ? 'name' : 'nameEn']} ${morning.river[language]}`;
  const head = headOf(morning, language);
  return messageOf(
    {
      language,
      tone: standing.some(({ severity }) => severity !== 'warning') ? 'over' : standing.length > 0 ? 'warning' : 'plain',
      subject: `${zh ? '【晨报】' : '【晨报 Morning】'}${name} ${day} ${head}`,
      headline: zh
        ? `${name} 晨报,截至 ${clockTime(now, site.calendar)}:${head}。`
        : `${name}, as of ${clockTime(now, site.calendar)}: ${head}.`,
      pictureText: '',
      sections: sections(morning, language).filter(({ rows }) => rows.length > 0),
      buttons: [],
      link: { label: zh ? '打开总览' : 'Open the overview', url: morning.link },
      foot: zh
        ? [`收到此信的原因:${morning.whyYou.zh}。`, '自动监测原始数据,未经审核,仅供内部工作参考。']
        : [`Why you get this: ${morning.whyYou.en}.`, 'Raw data of automatic monitoring, not reviewed, for internal use.'],
    },
    null,
  );
}

function headOf({ standing, sections: all, data }: Morning, language: Language): string {
  const zh = language === 'zh';
  const states = all.flatMap((section) => {
    const short = zh ? section.name.zh : section.name.en;
    return section.class === null ? [] : [`${short} ${classText(section.class, language)}`];
  });
  const offline = data.stations - data.online;
  const alerts =
    standing.length === 0
      ? zh
        ? '无未恢复报警'
        : 'no alert stands'
      : zh
        ? `${standing.length} 条未恢复${graver(standing, 'zh')}`
        : `${standing.length} standing${graver(standing, 'en')}`;
  const away = offline <= 0 ? [] : [zh ? `${offline} 站离线` : `${offline} offline`];
  return [...states, alerts, ...away].join(zh ? ',' : ', ');
}

/** How many weigh more than a warning, the gravest word first: `,其中严重超限 2 条、超标 1 条`. */
function graver(standing: Morning['standing'], language: Language): string {
  const counts = new Map<string, number>();
  for (const one of standing) {
    if (one.severity === 'warning') continue;
    const word = called(one)[language];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  if (counts.size === 0) return '';
  const each = [...counts].map(([word, n]) => (language === 'zh' ? `${word} ${n} 条` : `${n} ${lowerFirst(word)}`));
  return language === 'zh' ? `,其中${each.join('、')}` : `: ${each.join(', ')}`;
}

const lowerFirst = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);

const classText = (name: string, language: Language): string =>
  language === 'zh'
    ? ((CLASS_NAMES as Readonly<Record<string, string>>)[name] ?? name)
    : name === 'worse-than-V'
      ? 'worse than class V'
      : `class ${name}`;

function sections(morning: Morning, language: Language): Section[] {
  const zh = language === 'zh';
  const at = (t: Instant): string => shortTime(t, morning.site.calendar);
  const { standing, night, data, cases, patrols, along, now, proven } = morning;
  return [
    {
      title: zh ? '未恢复' : 'Standing',
      rows: standing.map((one): Row => {
        const state = one.isAcknowledged ? (zh ? '已签收' : 'acknowledged') : zh ? '未签收' : 'not acknowledged';
        const since = zh ? `自 ${at(one.since)} 起,${state}` : `since ${at(one.since)}, ${state}`;
        return {
          label: called(one)[language],
          text: zh ? `${one.what.zh}:${one.reason.zh},${since}` : `${one.what.en}: ${one.reason.en}, ${since}`,
          tone: one.severity,
        };
      }),
    },
    { title: zh ? '断面现状' : 'Sections now', rows: morning.sections.map((section) => sectionRow(section, language, at)) },
    {
      title: zh ? '本月' : 'This month',
      rows: morning.months.map((month) => ({
        label: month.section[language],
        text: monthText(month, language),
        ...(!month.possible && { tone: 'over' as const }),
      })),
    },
    { title: zh ? '今年' : 'This year', rows: morning.years.map((year) => yearRow(year, language)) },
    {
      title: zh ? '来去' : 'In and out',
      rows: along === null ? [] : [...alongRows(along, language)],
    },
    {
      title: zh ? '夜间' : 'At night',
      rows: night.map((words) => ({ label: '', text: `${words[language]}${zh ? '。' : '.'}` })),
    },
    {
      title: zh ? '我的' : 'Mine',
      rows: [...(cases === null ? [] : [casesRow(cases, language)]), ...(patrols === null ? [] : [patrolRow(patrols, language)])],
    },
    {
      title: zh ? '数据' : 'Data',
      rows: [
        {
          label: zh ? '在线' : 'On line',
          text: zh ? `${data.online}/${data.stations} 站` : `${data.online} of ${data.stations} stations`,
        },
        {
          label: zh ? '有效率' : 'Valid',
          text: data.valid === null ? (zh ? '昨日以来没有收到数据' : 'nothing received since yesterday') : `${data.valid} %`,
        },
        ...(data.toReview === null
          ? []
          : [{ label: zh ? '待审' : 'To review', text: zh ? `${data.toReview} 站日` : `${data.toReview} station-days` }]),
        ...upkeepRows(morning, language),
        {
          label: zh ? '预警通道' : 'Alert path',
          text:
            proven === null
              ? zh
                ? '未验证'
                : 'not proven'
              : zh
                ? `上次验证 ${duration(now - proven, 'zh')}前`
                : `proven ${duration(now - proven, 'en')} ago`,
          ...(proven === null && { tone: 'warning' as const }),
        },
        {
          label: zh ? '联系' : 'Call',
          text: contacts(
            morning.onDuty,
            { name: { zh: morning.site.office, en: morning.site.office }, phone: morning.site.officePhone },
            language,
          ),
        },
      ],
    },
  ];
}

function sectionRow(section: SectionNow, language: Language, at: (t: Instant) => string): Row {
  const zh = language === 'zh';
  const is = section.class === null ? (zh ? '未判定' : 'undetermined') : classText(section.class, language);
  const target =
    section.target === null
      ? ''
      : zh
        ? `(目标${classText(section.target, 'zh')})`
        : ` (target ${classText(section.target, 'en')})`;
  const { nearest } = section;
  if (nearest === null) return { label: section.name[language], text: `${is}${target}${zh ? ',没有最新测值' : ', no value'}` };
  const unit = nearest.unit === '' ? '' : ` ${nearest.unit}`;
  const value = `${nearest.name[language]} ${nearest.value.toFixed(nearest.decimals)}${unit}${zh ? '' : ' '}(${at(nearest.time)})`;
  const left = nearest.left === null ? '' : leftText(nearest.left, nearest.decimals, unit, zh);
  return {
    label: section.name[language],
    text: zh
      ? `${is}${target},最接近限值:${value},限值 ${nearest.limit}${left}`
      : `${is}${target}; nearest its limit: ${value}, limit ${nearest.limit}${left}`,
    ...(nearest.left !== null && nearest.left < 0 && { tone: 'over' as const }),
  };
}

function leftText(left: number, decimals: number, unit: string, zh: boolean): string {
  const by = `${Math.abs(left).toFixed(decimals)}${unit}`;
  if (left < 0) return zh ? `,超出 ${by}` : `, beyond it by ${by}`;
  return zh ? `,还差 ${by}` : `, ${by} to go`;
}

function monthText({ item, unit, mean, daysLeft, high, low, possible }: MonthSoFar, language: Language): string {
  const zh = language === 'zh';
  const of = unit === '' ? '' : ` ${unit}`;
  const so = zh ? `${item.zh} 月均 ${mean}${of}` : `${item.en}, mean so far ${mean}${of}`;
  if (!possible)
    return zh
      ? `${so},剩 ${daysLeft} 天无论多少,本月都将超标`
      : `${so}; whatever the ${daysLeft} days left bring, the month is exceeded`;
  const bounds = [low === null ? null : `≥ ${low}`, high === null ? null : `≤ ${high}`].filter((bound) => bound !== null);
  if (bounds.length === 0) return zh ? `${so},剩 ${daysLeft} 天` : `${so}; ${daysLeft} days left`;
  return zh
    ? `${so},剩 ${daysLeft} 天日均 ${bounds.join(' 且 ')} 即达标`
    : `${so}; met if the daily mean of the ${daysLeft} days left is ${bounds.join(' and ')}`;
}

function yearRow({ target, basis, met, exceeded, rate, goal, status, setAside, comparison }: YearSoFar, language: Language): Row {
  const zh = language === 'zh';
  const rates = rate === null ? '' : ` ${rate} %`;
  const goals = goal === null ? '' : zh ? `(目标 ${goal} %)` : ` (goal ${goal} %)`;
  const word = status === null ? '' : zh ? `,${STATUS[status].zh}` : `, ${STATUS[status].en}`;
  const out = setAside === undefined ? null : setAsideWords(setAside.total, setAside.over);
  const beside = comparison ? `${zh ? ',' : '; '}${comparisonText(comparison)[language]}` : '';
  const text = zh
    ? `${met} 达标 ÷ ${met + exceeded} ${BASIS[basis].zh}${rates}${goals}${word}${out === null ? '' : `,${out.zh}`}`
    : `${met} met ÷ ${met + exceeded} ${BASIS[basis].en}${rates}${goals}${word}${out === null ? '' : `; ${out.en}`}`;
  return { label: target[language], text: `${text}${beside}`, ...(status !== null && { tone: STATUS[status].tone }) };
}

function alongRows({ item, unit, decimals, sections: along, rain24 }: NonNullable<Morning['along']>, language: Language): Row[] {
  const zh = language === 'zh';
  const missing = zh ? '无数据' : 'no data';
  const values = along
    .map(({ name, value }) => `${name[language]} ${value === null ? missing : value.toFixed(decimals)}`)
    .join(' → ');
  const rows: Row[] = [{ label: item[language], text: `${values}${unit === '' ? '' : ` ${unit}`}` }];
  if (rain24 !== null) rows.push({ label: zh ? '降雨' : 'Rain', text: zh ? `24 小时 ${rain24} mm` : `${rain24} mm in 24 h` });
  return rows;
}

function casesRow({ open, overdue, oldestDays }: NonNullable<Morning['cases']>, language: Language): Row {
  const tone = overdue > 0 ? { tone: 'warning' as const } : {};
  if (language === 'zh') {
    return {
      label: '处置单',
      text: `未销号 ${open} · 逾期 ${overdue}${oldestDays === null ? '' : ` · 最久 ${oldestDays} 天`}`,
      ...tone,
    };
  }
  const oldest = oldestDays === null ? '' : ` · oldest ${oldestDays} days`;
  return { label: 'Cases', text: `${open} open · ${overdue} overdue${oldest}`, ...tone };
}

const patrolRow = ({ due, done }: NonNullable<Morning['patrols']>, language: Language): Row =>
  language === 'zh'
    ? { label: '巡查', text: `本周应巡 ${due} / 已巡 ${done}` }
    : { label: 'Patrols', text: `${done} of ${due} this week` };

/** What the office and whoever looks after the instruments must see to. */
function upkeepRows({ upkeep, unhanded }: Morning, language: Language): Row[] {
  const zh = language === 'zh';
  const rows: Row[] = [];
  if (unhanded) rows.push({ label: zh ? '值班' : 'Duty', text: unhanded[language], tone: 'warning' });
  if (!upkeep) return rows;
  const { overdue, due, never, waiting } = upkeep;
  const tone = overdue > 0 ? { tone: 'warning' as const } : {};
  rows.push({
    label: zh ? '运维' : 'Upkeep',
    text: zh
      ? `逾期 ${overdue} · 今日到期 ${due}${never > 0 ? ` · 尚无记录 ${never}` : ''}`
      : `${overdue} overdue · ${due} due today${never > 0 ? ` · ${never} never recorded` : ''}`,
    ...tone,
  });
  if (waiting > 0)
    rows.push({ label: zh ? '比对' : 'Comparison', text: zh ? `待比对 ${waiting} 项` : `${waiting} items to compare` });
  return rows;
}
