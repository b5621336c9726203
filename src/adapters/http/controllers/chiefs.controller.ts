/** How does a river chief see the own reach, and say that it was walked? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { ChiefCards } from '../../../pipeline/reporting/chief-cards.js';
import type { Patrols } from '../../../pipeline/deciding/patrols.js';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import {
  type CardAnswer,
  cardAnswer,
  type ChiefsAnswer,
  chiefsAnswer,
  type PatrolBody,
  patrolBody,
  type PatrolsAnswer,
  patrolsAnswer,
  type PatrolsQuery,
  patrolsQuery,
  type PatrolView,
  patrolView,
} from '../contract/chiefs.js';
import { loginNeeded } from '../problem.js';

/** `ChiefCards` of `pipeline/reporting/chief-cards.ts` */
export const CHIEF_CARDS = Symbol('ChiefCards');
/** `Patrols` of `pipeline/deciding/patrols.ts` */
export const PATROLS = Symbol('Patrols');

/** `/api/v1/chiefs`; all of it needs a login. */
@ApiTags('chiefs')
@Controller('api/v1/chiefs')
export class ChiefsController {
  constructor(@Inject(CHIEF_CARDS) private readonly cards: ChiefCards) {}

  /** Every river chief of the config. */
  @Get()
  @Answer('河长 · River chiefs and what waits for each', chiefsAnswer, 401)
  chiefs(): ChiefsAnswer {
    return this.cards.chiefs();
  }

  /** The five things of one. */
  @Get(':id')
  @Answer('一位河长的卡片 · The card of one river chief', cardAnswer, 401, 404)
  card(@Param('id') id: string): CardAnswer {
    return this.cards.card(id);
  }
}

/** `/api/v1/patrols`; all of it needs a login, and the account is the author. */
@ApiTags('chiefs')
@Controller('api/v1/patrols')
export class PatrolsController {
  constructor(@Inject(PATROLS) private readonly patrolled: Patrols) {}

  /** Patrols of one river chief in the running week. */
  @Get()
  @Answer('本周巡河 · Patrols of the running week', patrolsAnswer, 400, 401, 404)
  patrols(@Query({ schema: patrolsQuery.strict() }) { person }: PatrolsQuery): PatrolsAnswer {
    return this.patrolled.week(person);
  }

  /** Enters one, now. The provincial platform stays the register. */
  @Post()
  @HttpCode(200)
  @Answer('登记巡河 · Enters a patrol', patrolView, 400, 401, 403, 404)
  addPatrol(@Body({ schema: patrolBody.strict() }) body: PatrolBody, @Req() request: Request): PatrolView {
    const visitor = visitorOf(request);
    if (visitor === null) throw loginNeeded();
    return this.patrolled.add(visitor.username, body);
  }
}
