/** As what may somebody with a login act? */

/**
 * `chief` 河长: own reaches and villages; `maintenance` 运维; `officer` 工作人员 of the office; `reviewer` 审核; `operator`
 * 值守: whoever keeps the service running; `auditor` 审计: reads everything, changes nothing; `admin` 管理员: accounts too;
 * `screen` 大屏: nobody, a screen on a wall that stays logged in. Without a login somebody is the public.
 */
export const ACCOUNT_ROLES = ['chief', 'maintenance', 'officer', 'reviewer', 'operator', 'auditor', 'admin', 'screen'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];
