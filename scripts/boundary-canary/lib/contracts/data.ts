import Type from 'typebox'
import { readFile } from 'node:fs/promises' // planted
import { defineService } from '#kit/define-service' // planted
export const kept = [Type, readFile, defineService]
