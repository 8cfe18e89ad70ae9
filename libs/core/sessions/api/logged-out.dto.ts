import { ApiProperty } from '@nestjs/swagger'

export class LoggedOutAnswer {
  @ApiProperty({ type: 'integer', description: 'How many sessions were ended, offline ones included.', example: 3 })
  readonly logged_out!: number
}
