/** What can an operator do without the page? The command line: `npm run heqing -- COMMAND`. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mailerFor, STATE_FILE } from './app.module.js';
import { backup, BACKUP_HELP, BackupCommandFault, restore } from './heqing-backup.js';
import { decide, DECISIONS_HELP } from './heqing-decisions.js';
import { device, DEVICE_HELP } from './heqing-device.js';
import { excuse, EXCUSE_HELP } from './heqing-excuse.js';
import { IMPORT_HELP, importFile } from './heqing-import.js';
import { backtest, BACKTEST_HELP } from './heqing-backtest.js';
import { OPTIONS, untaken } from './heqing-options.js';
import { replay, REPLAY_HELP } from './heqing-replay.js';
import { sendTests } from './heqing-test-mail.js';
import { officeTemplate } from './adapters/bulletin/office-template.js';
import type { ListedLimit } from './adapters/config/build-site.js';
import { type Environment, isLoopback, loadDotEnv, readEnvironment } from './adapters/config/environment.js';
import { ConfigFaults, formatFaults } from './adapters/config/faults.js';
import { loadConfig } from './adapters/config/load-config.js';
import { siteWarnings } from './adapters/config/site-warnings.js';
import { Accounts } from './adapters/http/access/accounts.js';
import { randomPassword } from './adapters/http/access/password.js';
import { SqliteAccountStore } from './adapters/sqlite/account-store.js';
import { SqliteAudit } from './adapters/sqlite/audit-store.js';
import { damageInWords, Database } from './adapters/sqlite/database.js';
import { ACCOUNT_ROLES, type AccountRole } from './domain/account-role.js';
import { localDate } from './domain/time.js';
import { readAll, startRefusals } from './read-all.js';

const HELP = `河清 · heqing

  check-config [--send-test]     检查 config/ 与环境变量,列出每一处错误、待确认与未载入的限值
                                 checks config and environment, lists every fault, every limit that waits or is not loaded;
                                 --send-test sends a test to everybody and every channel the config names
  account list                   账号列表 lists accounts
  account add NAME [--role ROLE] [--person ID]
                                 新建账号,口令自动生成并只显示一次 adds one; the password is made and shown once
                                 ROLE: chief maintenance officer reviewer operator auditor admin screen (不写为 officer; --admin 即 --role admin)
                                 ID: people.yaml 中的人员,河长按其河段和村办事 whose reaches and villages a chief acts for
  account password NAME          重设口令 sets a new password, shown once
  account token NAME LABEL       给机器用的令牌,只显示一次 a token for a machine, shown once
  account remove NAME            删除账号及其登录 removes one with its logins
${DECISIONS_HELP}${EXCUSE_HELP}${IMPORT_HELP}${REPLAY_HELP}${BACKTEST_HELP}${DEVICE_HELP}${BACKUP_HELP}  --help
`;

const ONCE = '(只显示这一次 shown this once)';

/** Ends with words and no stack trace. */
class Usage extends Error {}

const limitLine = (l: ListedLimit): string =>
  `  ${l.standard} ${l.item}${l.class === null ? '' : ` ${l.class}`} ${l.number}(${l.averaging})  ${l.citation}  ${l.file} ${l.path}`;

async function checkConfig(sendTest: boolean): Promise<void> {
  const { environment, loaded } = readAll(process.env, startRefusals);
  const { site, placeholders, unconfirmed, unmeasured } = loaded;
  const active = [...site.stations.values()].filter((station) => station.active).length;
  console.log(
    `配置无误 no faults:${site.name},${active} 个站点,${site.parameters.size} 个指标,${site.limits.length} 个限值已载入`,
  );
  for (const station of site.stations.values()) {
    if (!station.active) console.log(`  停用 inactive:${station.name}(${station.inactiveReason})`);
    else if (station.binding?.note) console.log(`  ${station.name}:${station.binding.note}`);
  }
  const lists = [
    ['限值待确认 wait for confirmation(只作提示,不作评价 no verdicts)', unconfirmed],
    ['未载入 not loaded(猜测或外省规定 guesses, other provinces)', placeholders],
  ] as const;
  for (const [title, limits] of lists) {
    console.log(`${title}:${limits.length}`);
    for (const limit of limits) console.log(limitLine(limit));
  }
  console.log(`没有站点监测的项目 items nothing here measures:${unmeasured.length}`);
  for (const warning of [...environment.warnings, ...siteWarnings(site, localDate(Date.now(), site.calendar), process.env)]) {
    console.log(`注意 ${warning}`);
  }
  const unfit = (site.bulletins ?? []).flatMap(
    ({ kind, template }) => officeTemplate(environment.configDir, kind, template).trouble ?? [],
  );
  for (const trouble of unfit) console.log(`报表模板 template:${trouble}`);
  if (unfit.length > 0) throw new Usage(`${unfit.length} 个报表模板不能用,改好后再检查一次 templates are not fit for use`);
  if (!sendTest) return;
  const failed = await sendTests(environment, site, mailerFor(environment), process.env);
  if (failed > 0) throw new Usage(`${failed} 处测试未送出 tests were not sent`);
}

async function account(
  environment: Environment,
  [action = '', name = '', label = '']: string[],
  role: AccountRole,
  person: string | undefined,
): Promise<void> {
  const file = join(environment.dataDir, STATE_FILE);
  if (!existsSync(file)) throw new Usage(`${file} 不存在:请先启动一次服务 start the service once first`);
  const database = new Database(file);
  try {
    const accounts = new Accounts(
      new SqliteAccountStore(database),
      { now: Date.now },
      { beyondLoopback: !isLoopback(environment.http.host) },
      { audit: new SqliteAudit(database), transact: (work) => database.transact(work) },
    );
    const all: Record<string, string[]> = {
      list: [],
      add: ['NAME'],
      password: ['NAME'],
      remove: ['NAME'],
      token: ['NAME', 'LABEL'],
    };
    const needed = Object.hasOwn(all, action) ? all[action] : undefined;
    if (needed === undefined)
      throw new Usage(`没有 account ${action} 这个命令 there is no such command: account ${Object.keys(all).join('|')}`);
    const lacking = needed.slice([name, label].filter((word) => word !== '').length);
    if (lacking.length > 0) throw new Usage(`缺 missing ${lacking.join(' ')}: account ${action} ${needed.join(' ')}`);
    const password = randomPassword();
    switch (action) {
      case 'list':
        for (const one of accounts.list()) console.log(`${one.username}  ${one.role}${one.person ? `  ${one.person}` : ''}`);
        return;
      case 'add':
        if (person !== undefined && !loadConfig(environment.configDir).site.people.some(({ id }) => id === person))
          throw new Usage(`people.yaml 中没有 ${person} the config has no such person`);
        await accounts.add(name, password, role, { person });
        console.log(`${name}  口令 password: ${password}${ONCE}`);
        return;
      case 'password':
        await accounts.setPassword(name, password);
        console.log(`${name}  口令 password: ${password}${ONCE}`);
        return;
      case 'token':
        console.log(`${name}  令牌 token: ${accounts.addToken(label, name)}${ONCE}`);
        return;
      case 'remove':
        accounts.remove(name);
        console.log(`${name} 已删除 removed`);
        return;
    }
  } finally {
    database.close();
  }
}

/** A path that was asked for, as seen from where the command was called: the bundle's starter says, since it goes elsewhere. */
function given(path: string | undefined): string | undefined {
  const { CALLED_FROM: from } = process.env;
  return path === undefined || from === undefined ? path : resolve(from, path);
}

/** The role that was asked for. Throws `Usage` for one that there is not. */
function roleOf(text: string | undefined, admin: boolean): AccountRole {
  if (text === undefined) return admin ? 'admin' : 'officer';
  const role = ACCOUNT_ROLES.find((one) => one === text);
  if (role === undefined) throw new Usage(`没有 ${text} 这个角色 there is no such role: ${ACCOUNT_ROLES.join(' ')}`);
  return role;
}

async function main(): Promise<void> {
  // As the service: what it makes is for its owner alone.
  process.umask(0o077);
  loadDotEnv();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: OPTIONS,
  });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    console.log(HELP);
    return;
  }
  const why = untaken(command, rest, Object.keys(values));
  if (why !== null) throw new Usage(why);
  if (command === 'check-config') return checkConfig(values['send-test'] ?? false);
  const environment = readEnvironment(process.env);
  switch (command) {
    case 'account':
      return account(environment, rest, roleOf(values.role, values.admin ?? false), values.person);
    case 'device':
      return device(environment, rest, { ...values, mosquitto: given(values.mosquitto) });
    case 'excuse':
      return excuse(environment, rest, values);
    case 'import':
      process.exitCode = await importFile(environment, given(rest[0]), {
        dryRun: values['dry-run'] ?? false,
        station: values.station,
        source: values.source,
        yes: values.yes ?? false,
        as: values.as,
      });
      return;
    case 'backtest':
      return backtest(environment, join(environment.dataDir, STATE_FILE), { ...values, rule: given(values.rule) });
    case 'backup':
      return backup(environment, { to: given(values.to), json: values.json ?? false });
    case 'restore':
      return restore(environment, given(rest[0]), { into: given(values.into), replace: values.replace ?? false });
    case 'maintenance':
    case 'review':
    case 'audit':
      return decide(environment, positionals, values);
    case 'replay':
      return replay(environment, { reason: values.reason, since: values.since });
    default:
      throw new Usage(`没有 ${command} 这个命令 there is no such command;--help 列出全部 lists them`);
  }
}

/** Node says in a `TypeError` what an option lacks. */
const isParse = (error: Error): boolean => 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

main().catch((error: unknown) => {
  process.exitCode = 1;
  if (error instanceof ConfigFaults) console.error(formatFaults(error.faults));
  else if (error instanceof BackupCommandFault) {
    console.error(error.message);
    process.exitCode = error.exit;
  } else {
    // Our own mistakes need their stack; what an operator can mend needs words only.
    const said = error instanceof Error && (!(error instanceof TypeError || error instanceof ReferenceError) || isParse(error));
    console.error(damageInWords(error) ?? (said ? error.message : error));
  }
});
