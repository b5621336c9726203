/** How is a fault said in Chinese? Whoever edits the files in the town hall need not read English. */

/** What a check says → the same in Chinese; `$1` … are what it names. The first that fits is taken. */
const WORDS: readonly (readonly [english: RegExp, chinese: string])[] = [
  // Of any value.
  [/^unknown key; the keys here are (.*)$/, '没有这个键;这里可用的键:$1'],
  [/^Invalid key in record$/, '键的写法有误,如日期应为 YYYY-MM-DD'],
  [/^it must be a text$/, '应为文字'],
  [/^it must be (.*)$/, '应为$1'],
  [/^one of (.*)$/, '应为其中之一:$1'],
  [/^no \.yaml file has the top-level key (.*)$/, '没有哪个 .yaml 文件有顶层键 $1'],
  [/^must be one of (.*)$/, '应为其中之一:$1'],
  [/^must be at least (\S+) characters long$/, '至少 $1 个字符'],
  [/^must be at most (\S+) characters long$/, '至多 $1 个字符'],
  [/^must be at least (\S+) entries long$/, '至少 $1 项'],
  [/^must be at most (\S+) entries long$/, '至多 $1 项'],
  [/^must be at least a quarter of an hour$/, '至少一刻钟(0.25)'],
  [/^must be at least (\S+)$/, '不能小于 $1'],
  [/^must be at most (\S+)$/, '不能大于 $1'],
  [/^must be a whole number from (\S+) to (\S+)$/, '应为 $1 到 $2 的整数'],
  [/^must be a whole number from 2$/, '应为不小于 2 的整数'],
  [/^must be a whole number$/, '应为整数'],
  [/^must be a number above 0$/, '应为大于 0 的数'],
  [/^must not be below 0$/, '不能小于 0'],
  [/^must be 1 or more$/, '不能小于 1'],
  [/^must be above 1$/, '应大于 1'],
  [/^must be a percentage$/, '应为 0 到 100 的百分数'],
  [/^must be a share above 0 and at most 1$/, '应为大于 0、不超过 1 的比例'],
  [/^must be a text$/, '应为文字'],
  [/^must be a number$/, '应为数字'],
  [/^must be true or false$/, '应为 true 或 false'],
  [/^must be a mapping \(key: value\)$/, '应为一组键值(键: 值)'],
  [/^must be a list$/, '应为列表'],
  [/^must be one line of text without control characters$/, '应为一行文字,不能有控制字符'],
  [/^must be a number in quotes, so that its digits stay, (.*)$/, '数字要加引号,以保留位数,如 $1'],
  [/^must be a plain decimal number, (.*)$/, '应为普通小数,如 $1'],
  [/^must be an offset from UTC( in quotes)?, e\.g\. (.*)$/, '应为与 UTC 的时差并加引号,如 $2'],
  [/^must be a day, YYYY-MM-DD$/, '应为日期 YYYY-MM-DD'],
  [/^must be a time of day in quotes, e\.g\. (.*)$/, '应为加引号的时刻,如 $1'],
  [/^must be hours(, at most a year)?$/, '应为小时数'],
  [/^must be lower-case letters, digits and hyphens, e\.g\. (.*)$/, '应为小写字母、数字和连字符,如 $1'],
  [/^must be letters, digits, \., _ or -, e\.g\. (.*)$/, '应为字母、数字、.、_ 或 -,如 $1'],
  [/^must be an e-mail address, e\.g\. (.*)$/, '应为邮件地址,如 $1'],
  [/^must be a unit without control characters or quotes$/, '应为计量单位,不能有引号或控制字符'],
  [/^must be \[lowest, highest\], two numbers$/, '应为 [最低, 最高] 两个数'],
  [/^must be \[longitude, latitude\] in degrees$/, '应为 [经度, 纬度],单位度'],
  [/^the longitude must be from -180 to 180$/, '经度应在 -180 到 180 之间'],
  [/^the latitude must be from -90 to 90; longitude comes first$/, '纬度应在 -90 到 90 之间;经度写在前面'],
  [/^must be \[days of a month, days of February\], e\.g\. (.*)$/, '应为 [每月天数, 二月天数],如 $1'],
  [/^must be off or a mapping, e\.g\. (.*)$/, '应为 off,或一组键值,如 $1'],
  [/^must be the design capacity in m³\/d$/, '应为设计规模(m³/d)'],
  [/^must be a relative humidity$/, '应为相对湿度(0 到 100)'],
  [/^must be a step of the ladder, 1 to 4$/, '应为上报层级 1 到 4'],
  [
    /^must be the name of an environment variable in capitals, e\.g\. (\S+); never the address itself$/,
    '应为大写的环境变量名,如 $1;不能直接写地址',
  ],
  [/^must be the name of a \.docx file below templates\/, without a path$/, '应为 templates/ 下的 .docx 文件名,不带路径'],
  [/^must name at least one (.*)$/, '至少写一项($1)'],
  [/^must hold at least one shape; leave the key out for the defaults$/, '至少写一种 shape;用默认值就去掉这个键'],
  [/^must hold at least one entry; leave the key out for all$/, '至少写一项;全部适用就去掉这个键'],
  [/^must hold at least one band$/, '至少写一档'],
  [/^must hold at least two positions, along the flow$/, '至少两个点,顺水流方向'],
  [/^may hold 5,000 positions$/, '至多 5000 个点'],
  [/^may hold one rule: a window has one verdict$/, '只能有一条规则:一个时段只有一个评价结果'],
  [/^must list at least one parameter with its cadence in minutes$/, '至少列一个指标及其监测间隔(分钟)'],
  [/^must have exactly one of (.*); it has (.*)$/, '$1 中应有且只有一个,现有 $2'],
  [/^must have exactly one of (.*)$/, '$1 中应有且只有一个'],

  // Of files.
  [
    /^the config folder (.*) cannot be read \((.*)\); HEQING_CONFIG names the folder, \.\/config when unset$/,
    '配置文件夹 $1 不能读取($2);HEQING_CONFIG 指定文件夹,未设时为 ./config',
  ],
  [/^the config folder (.*) holds no \.yaml file$/, '配置文件夹 $1 里没有 .yaml 文件'],
  [/^must be a mapping whose top-level keys say what it holds (.*)$/, '应为一组键值,顶层键说明内容 $1'],
  [/^is not valid YAML: /, '不是有效的 YAML(检查缩进、引号、冒号后的空格)'],
  [/^is passed over, since only \.yaml files are read; rename it$/, '未读取:只读 .yaml 文件,请改名'],
  [/^is not UTF-8; save it as UTF-8$/, '不是 UTF-8 编码,请另存为 UTF-8'],
  [/^cannot be read \((.*)\)$/, '不能读取($1)'],
  [/^is empty in every file; it needs at least one entry$/, '各文件中都是空的,至少要有一项'],
  [
    /^(?:missing or empty; )?a `standard` needs the list of its limits beside it$/,
    '缺少或为空;同一文件里 `standard` 旁要有它的限值列表',
  ],
  [
    /^missing or empty; a `standard` needs the list of its limits beside it$/,
    '缺少或为空;同一文件里 `standard` 旁要有它的限值列表',
  ],
  [
    /^needs a `standard` in the same file that says which text these limits are from$/,
    '同一文件里要有 `standard`,说明这些限值出自哪个标准',
  ],

  // What stands twice, and what is not there.
  [/^(.*) is already in (\S+); (?:it may stand only once|each kind stands once)$/, '$1 已写在 $2,只能写一次'],
  [/^the checks of (\S+) are already in (\S+); they may stand only once$/, '$1 的检查已写在 $2,只能写一次'],
  [/^(".*") already names the parameter (\S*) in (\S+); it may stand only once$/, '$1 已是指标 $2 的名称(在 $3),只能写一次'],
  [/^(\S+) is listed twice at this station$/, '$1 在这个站点写了两次'],
  [/^(\S+) is already in the list$/, '$1 已在列表中'],
  [/^there may be one rule of kind (\S+); (.*)$/, '$1 类规则只能有一条'],
  [
    /^says the same as (.*) for the same days; give each its own validFrom and validTo, or take one out$/,
    '与 $1 在同样的日期里重复:各写 validFrom、validTo,或去掉一条',
  ],
  [/^no (parameter|station|person|standard|reach|channel) (".*"); it is an alias, write (\S+)$/, '没有 $2;这是别名,请写 $3'],
  [/^no reach (".*"); it is a name, write (\S+)$/, '没有代号为 $1 的河段;这是名称,请写 $2'],
  [/^no parameter (".*"); there (?:are|is) (.*)$/, '没有指标 $1;可用的有 $2'],
  [/^no station (".*"); there (?:are|is) (.*)$/, '没有站点 $1;可用的有 $2'],
  [/^no person (".*"); there (?:are|is) (.*)$/, '没有人员 $1;可用的有 $2'],
  [/^no standard (".*"); there (?:are|is) (.*)$/, '没有标准 $1;可用的有 $2'],
  [/^no reach (".*"); there (?:are|is) (.*)$/, '没有河段 $1;可用的有 $2'],
  [/^no channel (".*"); there (?:are|is) (.*)$/, '没有通知渠道 $1;可用的有 $2'],
  [/^no target (".*") of (\S+); there (?:are|is) (.*)$/, '$2 没有目标 $1;可用的有 $3'],
  [/^the target of (\S+) whose rate it tells: there (?:are|is) (.*)$/, '请写明用哪个目标的达标率($1);可用的有 $2'],
  [/^no station lies in (".*"); there (?:are|is) (.*)$/, '没有站点在 $1;可用的有 $2'],
  [/^no section lies on (".*"); there (?:are|is) (.*)$/, '没有断面在 $1;可用的有 $2'],
  [/^no limit is of class (".*"); there (?:are|is) (.*)$/, '没有 $1 类的限值;可用的有 $2'],
  [/^(".*") is not measured at this station; there (?:are|is) (.*)$/, '$1 不在这个站点监测;可用的有 $2'],

  // Of stations.
  [/^(\S+) is not a role of (\S+); its roles are (.*)$/, '$2 没有 $1 这种类型;可用的有 $3'],
  [/^an inactive station says why$/, '停用的站点要写明原因'],
  [/^only an inactive station has a reason; set active: false$/, '只有停用的站点才写原因;停用请写 active: false'],
  [/^a section names the reach it lies on$/, '断面要写明所在河段'],
  [/^a section has its place in the flow, inflow first: .*$/, '断面要写明顺水流的次序,入境为 1,依次 2、3…'],
  [/^(\d+) is already the place of (.*) on (.*); count along the flow$/, '次序 $1 已是 $3 上 $2 的;请顺水流编号'],
  [/^(.*) has no limit that is loaded \(a placeholder never is\)$/, '$1 没有已载入的限值(placeholder 不载入)'],
  [/^(.*) speaks of (.*), not of (\S+)$/, '$1 适用于 $2,不适用于 $3'],
  [/^(.*) has the classes (.*)$/, '$1 分类别,请选 $2'],
  [/^(.*) has no loaded limit of class (".*"); its classes are (.*)$/, '$1 没有 $2 类的已载入限值;可用的有 $3'],
  [/^(.*) has no loaded limit of class (".*"); it knows no classes, leave class out$/, '$1 不分类别,请去掉 class'],
  [
    /^is not named here; give the station a `relaxation` with capacity, population and reason$/,
    '不写在这里;请给站点写 `relaxation`(规模、人口、原因)',
  ],
  [/^is decided by the service from role and water temperature; take it out$/, '由服务按类型和水温判断,请去掉'],
  [/^a works was built once: (.*) or (.*), not both$/, '厂只建一次:$1 和 $2 只能选一个'],
  [/^the limit of (\S+) depends on it: (.*)$/, '$1 的限值取决于它:$2'],
  [/^the limits of (\S+) depend on it: (.*)$/, '$1 的限值取决于它(消毒方式):$2'],
  [/^belongs? to drinking water; this station is (\S+)$/, '只用于饮用水;这个站点是 $1'],
  [/^belongs? to dust; this station is (\S+)$/, '只用于扬尘;这个站点是 $1'],
  [/^relaxes a text; give the station a `binding`$/, '放宽的是某个标准;请给站点写 `binding`'],
  [/^only a small supply is relaxed: (.*)$/, '只有小型供水可以放宽:$1'],
  [/^must divide a day of 1440 minutes, e\.g\. 15 or 60$/, '应能整除一天 1440 分钟,如 15 或 60'],
  [/^a window of (\d+) min is shorter than the cadence of (\S+), (\d+) min$/, '时段 $1 分钟短于 $2 的监测间隔 $3 分钟'],
  [/^a station is not its own background$/, '站点不能以自己为背景'],
  [/^(\S+) is inactive and measures nothing to subtract$/, '$1 已停用,没有可扣除的测值'],
  [/^(\S+) does not measure (\S+)$/, '$1 不监测 $2'],
  [
    /^is more than about 10 km away from the line of (.*); check both, longitude first$/,
    '离 $1 的线超过约 10 公里;请核对两者,经度在前',
  ],

  // Of limits and judging.
  [/^must not be before validFrom (\S+)$/, '不能早于 validFrom $1'],
  [/^must not be before from, (\S+)$/, '不能早于 from $1'],
  [/^only a transcribed limit waits for confirmation; this one is (\S+)$/, '只有 transcribed 的限值需要确认;这一条是 $1'],
  [/^a limit compared in full is not rounded; leave decimals out$/, '按全数值比较的限值不修约,请去掉 decimals'],
  [
    /^(".*") is not the unit of (\S+) \((".*")\); the number must be in the parameter's unit$/,
    '$1 不是 $2 的单位($3);数值要用指标的单位',
  ],
  [/^(\S+) needs one number(?: in quotes)?, e\.g\. (.*)$/, '$1 要一个加引号的数,如 $2'],
  [/^between needs two numbers in quotes, e\.g\. (.*)$/, 'between 要两个加引号的数,如 $1'],
  [/^the first number must be below the second$/, '第一个数应小于第二个'],
  [/^(\S+) has no number; leave limit out$/, '$1 没有数值,请去掉 limit'],
  [/^a (\S+) is made of its (\S+)s; add \S+ to the windows$/, '$1 由 $2 组成;请在 windows 里加上 $2'],
  [
    /^must name at least one item; only dust is judged by the rules of its stations alone$/,
    '至少写一个项目;只有扬尘单按站点的规则评价',
  ],
  [/^must divide a day, e\.g\. 6 or 24$/, '应能整除一天,如 6 或 24'],
  [/^must not be more than slotsPerDay, (\S+)$/, '不能多于 slotsPerDay $1'],
  [/^nothing says how (\S+) is judged; add it under judging$/, '没有写 $1 怎样评价;请加到 judging 下'],
  [/^a target has a goal in percent, e\.g\. 100$/, '目标要有百分数的目标值,如 100'],
  [/^an indicator has no goal; leave it out or make it a target$/, '指标没有目标值;请去掉,或改为 target'],
  [/^a rate by (\S+) is counted by (.*)$/, '按 $1 的达标率以 $2 计'],
  [/^the process view must be finer than the window (\S+)$/, '过程指标应比评价时段 $1 更细'],
  [/^only a target by sample has a sampling plan; leave it out$/, '只有按水样的目标才有采样计划,请去掉'],
  [/^judging\.(\S+) makes no verdicts by (\S+), only by (.*)$/, 'judging.$1 不按 $2 评价,只按 $3'],
  [/^covers no active station: there is none of medium (\S+) with role (.*)$/, '没有涵盖任何在用站点:没有 $1 的 $2'],
  [/^(\S+) cannot be held against itself$/, '$1 不能与自己比较'],
  [/^must be above suspectHours, (\S+)$/, '应大于 suspectHours $1'],

  // Of people, duty, notices and rules.
  [
    /^nobody under people hears its alerts of (?:kind (.*) and )?severity (.*); add a matching hears entry$/,
    '这个站点的报警($1 $2)没有人接收;请在 people 里加 hears',
  ],
  [/^must be somebody else$/, '应是另一个人'],
  [/^(\S+) is away too, (\S+) to (\S+); name somebody who is there$/, '$1 在 $2 至 $3 也不在岗;请写在岗的人'],
  [/^mail is always there; name the channel otherwise$/, 'mail 固定是邮件,请换一个代号'],
  [/^whoever is above the town stands on no step: .*$/, '镇以上的人员不在上报层级中,只由人核实后上报;请去掉'],
  [
    /^is in no rotation under duty, so it would never hear anything; add it or leave onDuty out$/,
    '不在 duty 的任何轮值中,什么也收不到;请加进去,或去掉 onDuty',
  ],
  [/^overlaps (.*), (\S+) to (\S+)$/, '与 $1($2 至 $3)重叠'],
  [/^(\S+) is no Saturday or Sunday, so it is worked anyway$/, '$1 不是周六或周日,本来就上班'],
  [/^(\S+) lies in the holiday (.*)$/, '$1 在节假日 $2 之中'],
  [/^must differ from from; write quietHours: null for none$/, '应与 from 不同;不要静默时段就写 quietHours: null'],
  [/^must be above everyDays, (\S+), or the path is unproven before each test$/, '应大于 everyDays $1,否则每次测试前都算未验证'],
  [/^(.*) is the former form; with shapes, write it into each shape$/, '$1 是旧写法;有 shapes 时请写到每个 shape 里'],
  [/^the former form needs media, open and clear, the present one has shapes$/, '旧写法要有 media、open、clear;新写法用 shapes'],
  [/^only below, above and atMost may have to last; leave it out$/, '只有 below、above、atMost 可以要求持续时间,请去掉'],
  [/^goes with atMost only; leave it out$/, '只与 atMost 同用,请去掉'],
  [/^(\S+) is a role of none of the media (.*); the shape would hold nothing$/, '$1 不是 $2 的类型,这个 shape 不涵盖任何站点'],
  [/^must be below high, (\S+)$/, '应小于 high $1'],
  [/^a bulletin of kind (\S+) tells of every target; leave it out$/, '$1 报表包括所有目标,请去掉'],
  [/^only a bulletin of kind week has a weekday; leave it out$/, '只有周报写星期几,请去掉'],
  [/^only a bulletin of a month has a day; leave it out$/, '只有月报写几号,请去掉'],
  [/^(\S+) already has a tolerance in one of these media$/, '$1 在其中一种介质里已有允许误差'],
  [/^must be above the band before, (\S+)$/, '应大于前一档 $1'],
  [/^only the last band has no end$/, '只有最后一档不写上限'],
  [/^the last band must have no upTo and say relative or absolute$/, '最后一档不写 upTo,并写 relative 或 absolute'],

  // Of the environment.
  [/^must be a port, a whole number from 0 to 65535$/, '应为端口号,0 到 65535 的整数'],
  [/^must be a host name or an address, e\.g\. (.*)$/, '应为主机名或地址,如 $1'],
  [/^must be read or none$/, '应为 read 或 none'],
  [/^must be a mail address on one line, e\.g\. (.*)$/, '应为一行邮件地址,如 $1'],
  [/^must be the address of the pages as people open it, e\.g\. (.*)$/, '应为大家打开网页用的地址,如 $1'],
  [
    /^must be the http or https address that a watchdog outside gave for this service, without a login$/,
    '应为外部监视服务给出的 http 或 https 地址,不带账号口令',
  ],
  [
    /^must be none, or addresses and networks of proxies such as (.*), comma-separated$/,
    '应为 none,或代理的地址与网段(如 $1),用逗号分开',
  ],
  [/^.*; it should look like (\S+)$/, '地址写法有误,应如 $1'],
  [
    /^HTTP_HOST=(\S+) is reached from other machines, which needs an admin password of at least (\d+) characters and it is (?:unset|shorter); .*$/,
    'HTTP_HOST=$1 可从别的电脑访问,管理员口令至少要 $2 个字符;请设置口令,或只监听 127.0.0.1',
  ],
  [/^is unset; the channel (\S+) needs (its address|its signing secret) there$/, '未设置;通知渠道 $1 需要它'],
  [
    /^is not an http or https address without a login; the channel (\S+) needs one$/,
    '应为不带账号口令的 http 或 https 地址(通知渠道 $1)',
  ],
  [/^is unset; TLS needs both MQTT_TLS_CERT and MQTT_TLS_KEY$/, '未设置;TLS 要同时有 MQTT_TLS_CERT 和 MQTT_TLS_KEY'],
  [/^(\S+) (?:is not there|may not be read|is no .*); name a file with a .*$/, '$1 不能用:请写证书或私钥(PEM)的文件名'],
  [/^does not belong to the certificate in MQTT_TLS_CERT/, '与 MQTT_TLS_CERT 中的证书不是一对'],
];

/** What was found, as `quote` of `faults.ts` says it. */
const FOUND: Readonly<Record<string, string>> = { nothing: '空', 'a list': '一个列表', 'a mapping': '一组键值' };

/** The same words in Chinese, without a full stop; `null`: they are Chinese already, or nothing is known for them. */
export function inChinese(message: string): string | null {
  if (/^\p{Script=Han}/u.test(message)) return null;
  const [, said = message, found] = /^(.*?); found (nothing|a list|a mapping|[-"\d.tf].*)$/s.exec(message) ?? [];
  const whole = translated(said);
  if (whole !== null) return found === undefined ? whole : `${whole};现为${FOUND[found] ?? ` ${found}`}`;
  const missing = /^missing; (.*)$/s.exec(said)?.[1];
  if (missing === undefined) return null;
  const rest = translated(missing);
  return rest === null ? null : `缺少此项;${rest}`;
}

function translated(message: string): string | null {
  for (const [english, chinese] of WORDS) {
    const match = english.exec(message);
    if (match !== null)
      return chinese.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? '').replace(/可用的有 none$/, '一个也没有');
  }
  return null;
}
