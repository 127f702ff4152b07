import { script } from './redis-connection.ts'

/**
 * A board in Redis is three keys, which Lua reads and writes as one:
 *   head   a hash: epoch, version, head (text), total (rows, to notice when the others were evicted)
 *   order  a sorted set, all scores 0, so that it is in order of its members' bytes. A member: rank, NUL, tie as UTF-16 (big end first, so that bytes are
 *          in order as code units are), NUL NUL, id. Ranks have one width, so a member is above the bare rank it begins with and below the next rank;
 *          a NUL pair is below every code unit, so a tie is before one that it begins.
 *   rows   a hash: id → length of the member (2 bytes), member, body
 * A place is 1 + ZLEXCOUNT below the rank; scores as floats never rank anybody.
 * All keys of a board share a hash tag, and live for `ttl` ms after the last touch.
 */
const parts = `
local function rankOf(member) return string.match(member, '^[^%z]+') end
local function idOf(member) return string.match(member, '.*%z(.*)$') end
local function put(order, rows, at)
  local id, member, body = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local known = redis.call('HGET', rows, id)
  if known then redis.call('ZREM', order, string.sub(known, 3, 2 + struct.unpack('>I2', known))) end
  redis.call('ZADD', order, 0, member)
  redis.call('HSET', rows, id, struct.pack('>I2', #member) .. member .. body)
end
local function kept(head, order, rows)
  local found = redis.call('HMGET', head, 'epoch', 'version', 'total')
  if not found[1] then return nil end
  local total = tonumber(found[3])
  if redis.call('ZCARD', order) ~= total or redis.call('HLEN', rows) ~= total then return nil end
  return tonumber(found[1]), tonumber(found[2]), total
end
local function touch(keys, ttl) for _, key in ipairs(keys) do redis.call('PEXPIRE', key, ttl) end end
`

/** KEYS: head, order, rows. ARGV: ttl. Answers {epoch, version} or nothing. */
export const standScript = script(`${parts}
local epoch, version = kept(KEYS[1], KEYS[2], KEYS[3])
if not epoch then return false end
touch(KEYS, ARGV[1])
return {epoch, version}`)

/** KEYS: head, order, rows. ARGV: ttl, epoch, version, from, head, then id, member, body, version for each row. Answers 1: as new now; 0: there is a gap. */
export const advanceScript = script(`${parts}
local epoch, version, from = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local keptEpoch, keptVersion = kept(KEYS[1], KEYS[2], KEYS[3])
if keptEpoch and (keptEpoch > epoch or (keptEpoch == epoch and keptVersion >= version)) then return 1 end
if not keptEpoch or keptEpoch < epoch then
  if from >= 0 then return 0 end
  redis.call('UNLINK', unpack(KEYS))
  keptVersion = -1
elseif keptVersion < from then return 0 end
for at = 6, #ARGV, 4 do
  if tonumber(ARGV[at + 3]) > keptVersion then put(KEYS[2], KEYS[3], at) end
end
redis.call('HSET', KEYS[1], 'epoch', epoch, 'version', version, 'head', ARGV[5], 'total', redis.call('ZCARD', KEYS[2]))
touch(KEYS, ARGV[1])
return 1`)

/** Into a place of the builder's own. KEYS: order, rows. ARGV: ttl, rows there must be by now, then as above. Answers the rows there are; −1: some are lost. */
export const addScript = script(`${parts}
if redis.call('ZCARD', KEYS[1]) ~= tonumber(ARGV[2]) or redis.call('HLEN', KEYS[2]) ~= tonumber(ARGV[2]) then return -1 end
for at = 3, #ARGV, 4 do put(KEYS[1], KEYS[2], at) end
touch(KEYS, ARGV[1])
return redis.call('ZCARD', KEYS[1])`)

/** KEYS: head, order, rows, the builder's order and rows. ARGV: ttl, epoch, version, head, rows there must be. Answers 1: as new now; 0: rows are lost. */
export const finishScript = script(`${parts}
local epoch, version, total = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[5])
local keptEpoch, keptVersion = kept(KEYS[1], KEYS[2], KEYS[3])
if keptEpoch and (keptEpoch > epoch or (keptEpoch == epoch and keptVersion >= version)) then
  redis.call('UNLINK', KEYS[4], KEYS[5])
  return 1
end
if redis.call('ZCARD', KEYS[4]) ~= total or redis.call('HLEN', KEYS[5]) ~= total then return 0 end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
if total > 0 then
  redis.call('RENAME', KEYS[4], KEYS[2])
  redis.call('RENAME', KEYS[5], KEYS[3])
end
redis.call('HSET', KEYS[1], 'epoch', epoch, 'version', version, 'head', ARGV[4], 'total', total)
touch({KEYS[1], KEYS[2], KEYS[3]}, ARGV[1])
return 1`)

/**
 * KEYS: head, order, rows. ARGV: from, top, sides, id (empty: nobody). Answers {epoch, version, head, total, then position, place, id, body for each row} or
 * nothing. Positions from 0.
 */
export const readScript = script(`${parts}
local epoch, version, total = kept(KEYS[1], KEYS[2], KEYS[3])
if not epoch then return false end
local answer = {epoch, version, redis.call('HGET', KEYS[1], 'head'), total}
local function take(from, to)
  local members = redis.call('ZRANGE', KEYS[2], from, to)
  local place, rank
  for first = 1, #members, 1000 do
    local ids = {}
    for n = first, math.min(#members, first + 999) do ids[#ids + 1] = idOf(members[n]) end
    local found = redis.call('HMGET', KEYS[3], unpack(ids))
    for n, row in ipairs(found) do
      local at = first + n - 1
      local own = rankOf(members[at])
      if not place then place = redis.call('ZLEXCOUNT', KEYS[2], '-', '(' .. own) + 1
      elseif own ~= rank then place = from + at end
      rank = own
      answer[#answer + 1] = from + at - 1
      answer[#answer + 1] = place
      answer[#answer + 1] = ids[n]
      answer[#answer + 1] = string.sub(row, 3 + struct.unpack('>I2', row))
    end
  end
end
local from, top, sides = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local own = ARGV[4] ~= '' and redis.call('HGET', KEYS[3], ARGV[4])
local a, b, c, d = from, from + top, from, from
if own then
  local at = redis.call('ZRANK', KEYS[2], string.sub(own, 3, 2 + struct.unpack('>I2', own)))
  c, d = math.max(0, at - sides), at + sides + 1
end
if c < a then a, b, c, d = c, d, a, b end
if c <= b then b, c, d = math.max(b, d), 0, 0 end
if b > a then take(a, b - 1) end
if d > c then take(c, d - 1) end
return answer`)

/** KEYS: head, order, rows. ARGV: ids. Answers as `readScript` does, in order of the board. */
export const findScript = script(`${parts}
local epoch, version, total = kept(KEYS[1], KEYS[2], KEYS[3])
if not epoch then return false end
local answer = {epoch, version, redis.call('HGET', KEYS[1], 'head'), total}
local seen, rows = {}, {}
for _, id in ipairs(ARGV) do
  local row = not seen[id] and redis.call('HGET', KEYS[3], id)
  seen[id] = true
  if row then
    local size = struct.unpack('>I2', row)
    local member = string.sub(row, 3, 2 + size)
    local place = redis.call('ZLEXCOUNT', KEYS[2], '-', '(' .. rankOf(member)) + 1
    rows[#rows + 1] = {redis.call('ZRANK', KEYS[2], member), place, id, string.sub(row, 3 + size)}
  end
end
table.sort(rows, function(one, other) return one[1] < other[1] end)
for _, row in ipairs(rows) do
  for part = 1, 4 do answer[#answer + 1] = row[part] end
end
return answer`)
