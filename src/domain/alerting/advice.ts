/** What should be done about an alert, first of all? */
import type { Medium, Station } from '../station.js';
import type { Alert, Words } from './alert.js';

const OF_MEDIUM: Readonly<Record<Medium, Words>> = {
  'surface-water': {
    zh: '先核实仪器、降雨和来水;属实即到现场查看沿岸排口,并留样',
    en: 'Check the instrument, the rain and the inflow first; if it is real, look at the outlets along the bank and take a sample',
  },
  'drinking-water': {
    zh: '先核实仪器和供水;属实即通知供水单位检查加药并取样化验',
    en: 'Check the instrument and the supply first; if it is real, have the waterworks check the dosing and take a sample',
  },
  sewage: {
    zh: '先核实仪器;属实即通知污水处理厂检查进水与工艺,并留样',
    en: 'Check the instrument first; if it is real, have the sewage works check inflow and process and take a sample',
  },
  dust: {
    zh: '通知工地喷淋、覆盖裸土、冲洗车辆,必要时暂停土方作业',
    en: 'Have the site spray, cover bare soil and wash vehicles; pause earthworks where needed',
  },
  air: {
    zh: '查看周边有无焚烧、道路扬尘或施工,并与邻近站点对照',
    en: 'Look for burning, road dust or building work nearby and compare with the stations around',
  },
};

const ELSEWHERE: Words = { zh: '请先核实,再到现场查看', en: 'Check it first, then look on site' };

/** The first steps, without a full stop; by kind, and for what the water or the air shows by medium. */
export function adviceOf(alert: Pick<Alert, 'kind' | 'isUnconfirmed'>, station: Pick<Station, 'medium'> | null): Words {
  const medium = station === null ? ELSEWHERE : OF_MEDIUM[station.medium];
  switch (alert.kind) {
    case 'limit':
      return alert.isUnconfirmed
        ? {
            zh: `这是一次突变,下一次测值会证实或排除,届时另有通知;${medium.zh}`,
            en: `This is a sudden change; the next value will confirm or refute it, and you will be told. ${medium.en}`,
          }
        : medium;
    case 'trend':
      return { zh: `现在还没有超限,可提前处置:${medium.zh}`, en: `It is not over yet, there is time: ${lower(medium.en)}` };
    case 'verdict':
      return {
        zh: '查看评价依据,查明原因;需要整改的派人处理',
        en: 'Look at the evidence and find the cause; send someone where it needs mending',
      };
    case 'target':
      return {
        zh: '查看剩余各日的均值要求,安排加密巡查和源头控制',
        en: 'See what the remaining days may have; patrol more often and act at the sources',
      };
    case 'no-data':
      return {
        zh: '检查站点供电、网络和仪器;恢复后缓存的数据会补传。没有数据不等于达标',
        en: 'Check power, network and instrument; kept data will be sent afterwards. No data does not mean compliance',
      };
    case 'sensor':
      return {
        zh: '请运维到站检查、校准;查清以前不按污染处理',
        en: 'Have it inspected and calibrated; until then this is not pollution',
      };
    case 'upstream':
      return {
        zh: '加密观测,准备留样;与上游联系,告知下游取水口',
        en: 'Watch closely and be ready to sample; call upstream, tell the intakes downstream',
      };
    case 'regional':
      return {
        zh: '多站同时升高,多为区域过程,不是某一处污染;按区域应对',
        en: 'Many stations rise together: the air of the region, not one source',
      };
    case 'rain':
      return {
        zh: '雨后波动通常一天内回落;查看雨污混接和溢流口',
        en: 'It usually settles within a day; look for overflows and misconnected drains',
      };
    case 'service':
      return { zh: '请系统管理员检查;期间收到的数据会保存', en: 'Have the administrator look; what comes in meanwhile is kept' };
  }
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
