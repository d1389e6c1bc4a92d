import { BUILDING, END, MAX_MEMBERS, STATE } from './feed.keys.js';

// Each script is atomic: what it finds and what it does cannot be torn apart by a flush, an invalidation or another writer.
// They serve one Redis node; on a cluster `deliver` would be called once per node.

/**
 * A page of a warm feed. KEYS following posts · ARGV run, count, ttl, then score and id of the cursor (both empty for the top).
 * Answers nil when cold, else the ids and, as last element, the score of the last id.
 */
export const READ = `
if redis.call('HGET', KEYS[1], '${STATE}') ~= ARGV[1] then return false end
local count = tonumber(ARGV[2])
local page
if ARGV[4] == '' then
  page = redis.call('ZREVRANGE', KEYS[2], 0, count - 1)
  if #page == 0 then return false end
else
  local rank = redis.call('ZREVRANK', KEYS[2], ARGV[5])
  if rank then
    page = redis.call('ZREVRANGE', KEYS[2], rank + 1, rank + count)
  else
    page = {}
    for _, id in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[2], ARGV[4], ARGV[4])) do
      if id < ARGV[5] and #page < count then page[#page + 1] = id end
    end
    if #page < count then
      local older = redis.call('ZREVRANGEBYSCORE', KEYS[2], '(' .. ARGV[4], '-inf', 'LIMIT', 0, count - #page)
      for _, id in ipairs(older) do page[#page + 1] = id end
    end
  end
end
if redis.call('TTL', KEYS[1]) * 2 < tonumber(ARGV[3]) then
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[3])
end
if #page > 0 then page[#page + 1] = redis.call('ZSCORE', KEYS[2], page[#page]) end
return page`;

/**
 * Opens a feed for pushes before its past is read. KEYS lease following posts · ARGV nonce, ttl, authors…
 * Answers 1, or 0 when the lease is lost.
 */
export const OPEN = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('HSET', KEYS[2], '${STATE}', '${BUILDING}')
for i = 3, #ARGV do redis.call('HSET', KEYS[2], ARGV[i], '') end
redis.call('ZADD', KEYS[3], 0, '${END}')
redis.call('EXPIRE', KEYS[2], ARGV[2])
redis.call('EXPIRE', KEYS[3], ARGV[2])
return 1`;

/**
 * Adds the past and declares the feed warm. KEYS lease following posts · ARGV nonce, run, ttl, whether that is all the past (1 or
 * 0), then score and id of each post. Answers 1, or 0 when the lease is lost.
 */
export const FILL = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if redis.call('HGET', KEYS[2], '${STATE}') ~= '${BUILDING}' or redis.call('EXISTS', KEYS[3]) == 0 then return 0 end
for i = 5, #ARGV, 2 do redis.call('ZADD', KEYS[3], ARGV[i], ARGV[i + 1]) end
if ARGV[4] == '1' then redis.call('ZADD', KEYS[3], 0, '${END}') else redis.call('ZREM', KEYS[3], '${END}') end
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -${MAX_MEMBERS + 1})
redis.call('HSET', KEYS[2], '${STATE}', ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('EXPIRE', KEYS[3], ARGV[3])
redis.call('DEL', KEYS[1])
return 1`;

/**
 * Pushes one post into the feeds of many viewers. ARGV post id, score, author id, viewers… (keys are made here: sending three per
 * viewer would cost more than the push). Only feeds that contain the author take it, and only above their lowest member: below it
 * the feed does not claim to be without holes. A feed whose posts were evicted is dropped. Answers the number of pushes.
 */
export const DELIVER = `
local call = redis.call
local id, score, author = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local pushed = 0
for i = 4, #ARGV do
  local following = 'feed:{' .. ARGV[i] .. '}:following'
  if call('HEXISTS', following, author) == 1 then
    local posts = 'feed:{' .. ARGV[i] .. '}:posts'
    local lowest = call('ZRANGE', posts, 0, 0, 'WITHSCORES')
    if #lowest == 0 then
      call('DEL', following)
    else
      local low = tonumber(lowest[2])
      if low < score or (low == score and lowest[1] < id) then
        pushed = pushed + call('ZADD', posts, score, id)
        if call('ZCARD', posts) > ${MAX_MEMBERS} then call('ZREMRANGEBYRANK', posts, 0, -${MAX_MEMBERS + 1}) end
      end
    end
  end
end
return pushed`;
