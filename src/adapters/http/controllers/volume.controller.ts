/** How much disk does a year of this site take? */
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Open } from '../access/access.js';
import { Answer } from '../answer.js';
import { type VolumeAnswer, volumeAnswer } from '../contract/volume.js';

/** `VolumeAnswer`, worked out once: the config does not change while the service runs. */
export const VOLUME = Symbol('Volume');

/** `/api/v1/volume` */
@ApiTags('data')
@Controller('api/v1/volume')
export class VolumeController {
  constructor(@Inject(VOLUME) private readonly answer: VolumeAnswer) {}

  /** What the configured stations come to in a year. */
  @Get()
  @Open('public')
  @Answer('每年的数据量与磁盘 · What a year comes to, and the disk it takes', volumeAnswer, 401)
  volume(): VolumeAnswer {
    return this.answer;
  }
}
