import { Logger } from '@nestjs/common'

// what a test expects to go wrong needs no lines on the screen; a kitter that a test starts brings its own logger
Logger.overrideLogger(false)
