/** What may anybody at all read? The board by the river (河长公示牌): signed figures, who publishes and who approved. */
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { isoTime } from '../../../domain/time.js';
import { Open } from '../access/access.js';
import { Answer } from '../answer.js';
import { type BoardAnswer, boardAnswer } from '../contract/accounts.js';
import { addressForOthers } from '../access/loopback.js';
import { HTTP_OPTIONS, type HttpOptions, PUBLIC_SITE, type PublicSite } from '../access/tokens.js';

/** `/api/v1/public`; open wherever `HEQING_PUBLIC` is `read`. Never a raw value, an alert, a name or a telephone. */
@ApiTags('public')
@Controller('api/v1/public')
export class PublicController {
  constructor(
    @Inject(PUBLIC_SITE) private readonly site: PublicSite,
    @Inject(HTTP_OPTIONS) private readonly options: HttpOptions,
  ) {}

  /** The board. While nothing is signed it has no figures and says so. */
  @Get('board')
  @Open('figures')
  @Answer('河长公示牌:仅定稿数据 · The public board: signed figures only', boardAnswer, 401)
  board(): BoardAnswer {
    const asOf = isoTime(this.site.now(), this.site.calendar);
    const board = this.site.board();
    const address = addressForOthers(this.options.publicUrl);
    return { ...board, asOf, address, notice: board.figures.length === 0 ? '尚无定稿数据' : '仅公布定稿数据' };
  }
}
