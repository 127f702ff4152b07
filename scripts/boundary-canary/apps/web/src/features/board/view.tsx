import { errorTable } from '#contracts/errors' // planted
import type { Problem } from '#contracts/contest'
import { useMe } from '../account/use-me.ts' // planted
import { readFileSync } from 'node:fs' // planted
import type { Db } from '#ports/db' // planted
import { Button } from '../../ui/button.tsx'
export const View = (_: { problem: Problem; db: Db }) => <Button title={String([errorTable, useMe, readFileSync])} />
