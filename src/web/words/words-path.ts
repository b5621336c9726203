/** Which words tell of the way of alerts, and of trying it? */

/** Chinese and English side by side. */
export const pathWords = {
  zh: {
    heading: '预警通道',
    why: '系统定期发出测试邮件,有人确认收到,才算验证过。',
    states: { proven: '已验证', unproven: '未验证', failing: '发送失败' },
    send: '发送测试邮件',
    sending: '正在发送…',
    sent: (time: string, people: string) => `${time} 已交付发送:${people}。收到后填写信中的验证码,或点信中的按钮。`,
    listed: '、',
    code: '测试邮件中的验证码',
    confirm: '确认收到',
    confirmed: '已确认,预警通道畅通。',
    notSent: '没有发出:',
    notConfirmed: '没有确认:',
    noAnswer: '服务没有应答,请再试。',
    prove: '去验证 ›',
  },
  en: {
    heading: 'Alert path',
    why: 'Test mails go out now and then; the path counts as proven when somebody confirms that one came.',
    states: { proven: 'proven', unproven: 'unproven', failing: 'mail failing' },
    send: 'Send a test mail',
    sending: 'Sending…',
    sent: (time: string, people: string) =>
      `${time}: handed over for sending to ${people}. When it comes, enter its code or press its button.`,
    listed: ', ',
    code: 'Code of the test mail',
    confirm: 'It came',
    confirmed: 'Confirmed: alerts get through.',
    notSent: 'Not sent: ',
    notConfirmed: 'Not confirmed: ',
    noAnswer: 'the service did not answer; try again.',
    prove: 'prove it ›',
  },
};
