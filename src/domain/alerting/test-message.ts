/** What does the mail say by which the alert path proves itself? */
import type { Person } from '../people.js';
import { shortTime } from '../time.js';
import type { Message, PathTest } from './facts.js';
import { contacts, messageOf } from './letter.js';
import { bracketed, duration } from './message-words.js';

/**
 * The test mail (预警通道验证): a code and one button; confirmed by one click, or where no link works by entering the code
 * on the page. It says until when, and what happens else.
 */
export function testMessage(test: PathTest, person: Pick<Person, 'language'>): Message {
  const { site, now, code, confirm, proven, deadline, onDuty, whyYou } = test;
  const { language } = person;
  const at = (t: number): string => shortTime(t, site.calendar);
  const office = { name: { zh: site.office, en: site.office }, phone: site.officePhone };
  const tag = bracketed({ zh: '系统', en: 'System' }, language);
  if (language === 'zh') {
    const how = confirm === null ? '请在页面上输入代码' : '请点一下“确认收到”';
    return messageOf(
      {
        language,
        tone: 'plain',
        subject: `${tag}预警通道验证,代码 ${code},请确认收到 ${at(now)}`,
        headline: `这是预警通道的验证邮件,不是报警。${how},代码 ${code}。`,
        pictureText: '',
        sections: [
          {
            title: null,
            rows: [
              { label: '为什么', text: '报警能不能送到,只有收到的人知道。有人确认,这条通道才算验证过。' },
              { label: '期限', text: `${at(deadline)} 以前没有人确认,页面和报警会写“预警通道未验证”。` },
              {
                label: '上次验证',
                text: proven === null ? '还没有验证过。' : `${at(proven)},${duration(now - proven, 'zh')}前。`,
              },
              { label: '联系', text: contacts(onDuty, office, 'zh') },
            ],
          },
        ],
        buttons: confirm === null ? [] : [{ label: '确认收到', url: confirm }],
        link: { label: '打开河清', url: test.link },
        foot: [`收到此信的原因:${whyYou.zh}。`, `${site.name} 河清环境监测 · 验证代码 ${code}`],
      },
      null,
    );
  }
  const how = confirm === null ? 'Please enter the code on the page' : 'Please press “I have got it” once';
  return messageOf(
    {
      language,
      tone: 'plain',
      subject: `${tag}Test of the alert path, code ${code}, please confirm ${at(now)}`,
      headline: `This mail tests the alert path; it is no alert. ${how}. The code is ${code}.`,
      pictureText: '',
      sections: [
        {
          title: null,
          rows: [
            {
              label: 'Why',
              text: 'Whether alerts arrive is known only to those who get them. The path counts as proven when somebody confirms.',
            },
            {
              label: 'Until',
              text: `If nobody confirms before ${at(deadline)}, the pages and an alert will say that the path is unproven.`,
            },
            {
              label: 'Last time',
              text: proven === null ? 'Not proven yet.' : `${at(proven)}, ${duration(now - proven, 'en')} ago.`,
            },
            { label: 'Call', text: contacts(onDuty, office, 'en') },
          ],
        },
      ],
      buttons: confirm === null ? [] : [{ label: 'I have got it', url: confirm }],
      link: { label: 'Open Heqing', url: test.link },
      foot: [`Why you get this: ${whyYou.en}.`, `${site.nameEn}, Heqing environmental monitoring · code ${code}`],
    },
    null,
  );
}
