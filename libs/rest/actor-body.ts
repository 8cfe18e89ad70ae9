import { ApiProperty } from '@nestjs/swagger'

/** Who asked for something. */
export class ActorBody {
  @ApiProperty({
    type: String,
    description: "The `sub` of the token, or `kitter` for kitter's own.",
    example: 'c2a9c0d4-6e0f-4d57-9f6b-0f6a2b7c1d11',
  })
  readonly id!: string

  @ApiProperty({ type: String, description: 'The name to log in with, at that time.', example: 'jane' })
  readonly name!: string
}
