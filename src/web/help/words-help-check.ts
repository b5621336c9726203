/** What does the self-check for 等保二级 say? Every claim about the software is one that can be looked up in it. */

/** One control: what the software does, where that is seen, what the site must do. */
export interface Control {
  readonly area: string;
  readonly software: readonly string[];
  /** An address of the page, or `null`. */
  readonly see: string | null;
  readonly site: readonly string[];
}

const zh: readonly Control[] = [
  {
    area: '身份鉴别',
    software: [
      '一人一账号,口令对外监听时至少 12 个字符,常见口令拒用,只存 scrypt 摘要',
      '同一账号同一地址 15 分钟内错 5 次即等待,不锁账号',
      '30 分钟无操作或满 12 小时退出(可配置);本人可查看并结束自己的登录',
    ],
    see: '/account',
    site: ['不共用账号,首次登录后改口令', '软件不强制定期换口令,按单位制度更换', '第二级不要求双因素,如需请放在反向代理'],
  },
  {
    area: '访问控制',
    software: [
      '八种角色,逐条接口规定谁能用,未列出的只有管理员能用',
      '河长只能办本人河段和村的事',
      '没有通用默认口令:首次启动随机生成,只显示一次',
    ],
    see: '/account',
    site: ['按最小权限给角色,人员离岗当天删账号', '管理员与审计员由不同的人担任'],
  },
  {
    area: '安全审计',
    software: [
      '登录、登录失败、签收、静默、维护、审核、定稿、导入、账号变更等逐条记录:谁、何时、从哪个地址、前后值、原因',
      '只增不改,逐条以 SHA-256 相连,改动可被查出;长期保存,可导出',
    ],
    see: '/account?part=audit',
    site: ['服务器对时(NTP)', '每月由审计员导出并另存,记下最后一条的哈希', '操作系统和数据库日志另行留存至少六个月'],
  },
  {
    area: '入侵防范',
    software: [
      '默认只在本机监听;对外监听而没有设备凭据或口令过短时拒绝启动',
      '页面 CSP 不许内联脚本,写操作核对来源,所有输入按格式检查;单条消息上限 256 KiB',
      '运行不需要外网;依赖清单随离线包(SBOM)',
    ],
    see: '/api/docs',
    site: ['操作系统与 Node 打补丁,关闭多余端口和服务', '防火墙只放行本页端口表所列', '对照 SBOM 关注漏洞通报'],
  },
  {
    area: '恶意代码防范',
    software: ['上传只收表格、照片与 PDF(审核决定的附件),按内容识别、限大小,不执行'],
    see: null,
    site: ['主机装防恶意代码软件并更新', '专机专用,不上网、不插来历不明的介质'],
  },
  {
    area: '通信传输',
    software: [
      'MQTT 可用 TLS 1.2 以上和设备证书;到外部代理、数据库、邮件可用 mqtts、https、smtps',
      'PUBLIC_URL 为 https 时登录凭据只走加密',
    ],
    see: null,
    site: ['页面前放 TLS 反向代理', '设备与服务跨公网时用 mqtts 或专线'],
  },
  {
    area: '数据完整性',
    software: [
      '应答设备之前数据已落盘;断电、强杀不丢已应答的值',
      '原始值与标识不改,人工处理另记并显示条数;定稿月份留快照与哈希',
      '备份逐文件校验,恢复前后核对条数和审计链',
    ],
    see: '/data?part=health',
    site: ['用带断电保护的盘或 UPS', '定期核对审计链:npm run heqing -- audit verify'],
  },
  {
    area: '数据备份恢复',
    software: ['每天在线备份,做完即在临时目录恢复一遍核对;失败或 3 天没有即报警', '一条命令恢复,旧状态保留在旁'],
    see: '/data?part=health',
    site: [
      '把 backup.dir 设到另一块盘,并定时传到异地(第二级要求异地备份)',
      '每半年演练一次恢复',
      '历史测值在 InfluxDB 时另做它的备份',
    ],
  },
  {
    area: '剩余信息保护',
    software: ['口令、登录和令牌只存摘要,退出即删;备份整理后不含已删内容'],
    see: null,
    site: ['使用中的状态文件里,删掉的行在被覆盖前可能仍在盘上:报废或送修前清除磁盘和备份'],
  },
  {
    area: '个人信息保护',
    software: [
      '只存办事所需:姓名、电话、邮箱(来自 config/people.yaml)、账号、登录地址、处置照片',
      '公示页不含姓名电话、原始值和预警;接口对未登录者不给姓名与备注',
    ],
    see: '/public',
    site: [
      '告知本人用途',
      '离岗人员从 people.yaml 删除;审计记录中的账号名依法留存',
      '照片原样保存,可能带拍摄位置:不拍人脸,不外传',
      'config 与备份按内部资料保管',
    ],
  },
  {
    area: '运行监测',
    software: ['各部分状态、磁盘、积压、预警通道逐项可看,异常自己报警;可接 Prometheus 与外部心跳'],
    see: '/data?part=health',
    site: ['每个工作日看一次运行状态', '配置外部心跳,服务整机失联也有人知道'],
  },
  {
    area: '物理环境与管理制度',
    software: ['不涉及'],
    see: null,
    site: ['机房、门禁、UPS、防雷防火', '安全管理制度、人员、建设与运维管理', '定级、备案与测评'],
  },
];

const en: readonly Control[] = [
  {
    area: 'Identification',
    software: [
      'One account a person; 12 characters at least beyond loopback, common passwords refused, kept as scrypt only',
      'Five failures for an account and address in 15 minutes: wait; the account is never locked',
      'Ends after 30 idle minutes or 12 hours (config); own logins can be seen and ended',
    ],
    see: '/account',
    site: [
      'No shared accounts; change the first password',
      'The software forces no regular change: do it by your own rule',
      'Level 2 asks for no second factor; if wanted, put it into the proxy',
    ],
  },
  {
    area: 'Access control',
    software: [
      'Eight roles, each route says who may; what is not listed is for administrators',
      'A river chief acts in the own reaches and villages only',
      'No common default password: random at first start, shown once',
    ],
    see: '/account',
    site: ['Least privilege; remove leavers the same day', 'Administrator and auditor are different people'],
  },
  {
    area: 'Audit',
    software: [
      'Logins and failures, acknowledgements, silences, maintenance, review, sign-off, imports, accounts: who, when, from which address, before and after, why',
      'Append-only, each entry bound to the one before by SHA-256; kept for good, can be exported',
    ],
    see: '/account?part=audit',
    site: [
      'Synchronise clocks (NTP)',
      'The auditor exports monthly and notes the last hash',
      'Keep the logs of the system and the database for six months',
    ],
  },
  {
    area: 'Intrusion prevention',
    software: [
      'Listens on this machine alone; refuses to start beyond it without device credentials or with a short password',
      'CSP without inline script, origin of writes checked, every input checked against a schema; messages up to 256 KiB',
      'Runs without the internet; the bundle carries its bill of materials (SBOM)',
    ],
    see: '/api/docs',
    site: [
      'Patch system and Node; close what is not needed',
      'Open only the ports listed here',
      'Watch advisories against the SBOM',
    ],
  },
  {
    area: 'Malicious code',
    software: ['Takes tables, photos and PDF (attached to decisions) alone, known by content, limited in size, never run'],
    see: null,
    site: ['Protection on the host, kept up to date', 'A machine for this alone; no unknown media'],
  },
  {
    area: 'Transmission',
    software: [
      'MQTT with TLS 1.2 and device certificates; mqtts, https and smtps to broker, database and mail',
      'With an https PUBLIC_URL the login cookie travels encrypted only',
    ],
    see: null,
    site: ['A TLS proxy before the pages', 'mqtts or a private line where devices cross the internet'],
  },
  {
    area: 'Integrity',
    software: [
      'On disk before a device is answered; a power cut or kill loses nothing acknowledged',
      'Raw values and marks never change, what people take out is counted beside; signed months keep snapshot and hash',
      'Backups carry a sum of every file; counts and audit chain are compared before and after',
    ],
    see: '/data?part=health',
    site: ['Power-protected disks or a UPS', 'Verify the audit chain: npm run heqing -- audit verify'],
  },
  {
    area: 'Backup and recovery',
    software: [
      'Daily, online, restored into a scratch folder and compared; an alert when it fails or is three days old',
      'One command restores; the old state stays beside',
    ],
    see: '/data?part=health',
    site: [
      'Set backup.dir to another disk and send it off site regularly (level 2 asks for it)',
      'Drill a restore every half year',
      'Back InfluxDB up too where it holds the history',
    ],
  },
  {
    area: 'Residual information',
    software: [
      'Passwords, logins and tokens as digests only, deleted at log-out; a backup is compacted and holds nothing deleted',
    ],
    see: null,
    site: ['Deleted rows may stay on the disk of the running state until overwritten: wipe disks and backups before they leave'],
  },
  {
    area: 'Personal information',
    software: [
      'What the work needs: name, telephone, mail (config/people.yaml), account, login address, photos of cases',
      'The public board has no names, telephones, raw values or alerts; without a login the API gives no names and notes',
    ],
    see: '/public',
    site: [
      'Tell people what for',
      'Remove leavers from people.yaml; account names stay in the audit trail',
      'Photos are kept as taken and may carry their place: no faces, no passing on',
      'Keep config and backups as internal papers',
    ],
  },
  {
    area: 'Monitoring',
    software: [
      'State of every part, disk, backlog and alert path on a page, alerts of their own; Prometheus and an outside heartbeat',
    ],
    see: '/data?part=health',
    site: ['Look every working day', 'Configure the heartbeat, so that a dead machine is noticed'],
  },
  {
    area: 'Premises and rules',
    software: ['not a matter of the software'],
    see: null,
    site: ['Room, doors, UPS, lightning, fire', 'Rules, people, building and running', 'Grading, filing and assessment'],
  },
];

/** Chinese and English side by side. */
export const checkWords = { zh, en };
