/** Why can an address not be listened on, and what is to be done about it? */

/**
 * What an operator reads of an error of `listen`; `null`: it is about something else. `of`: whose address it is, as the settings
 * `HTTP_PORT`, `MQTT_HOST` … name it.
 */
export function cannotListen(
  error: { readonly code?: string | undefined },
  host: string,
  port: number,
  of: 'HTTP' | 'MQTT',
): string | null {
  switch (error.code) {
    case 'EADDRINUSE':
      return (
        `${host} 的端口 ${port} 已被别的程序占用:先停掉它,或换一个 ${of}_PORT。` +
        `port ${port} on ${host} is taken by another program: stop that one, or set ${of}_PORT to a free port`
      );
    case 'EACCES':
      return (
        `这个用户不能打开 ${host} 的端口 ${port}:把 ${of}_PORT 设为 1024 或更大。` +
        `port ${port} on ${host} may not be opened by this user: set ${of}_PORT to 1024 or higher`
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} 不是本机的地址:改正 ${of}_HOST。${host} is no address of this machine: set ${of}_HOST to one`;
    default:
      return null;
  }
}
