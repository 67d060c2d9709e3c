/** Whether `redis-server` is installed. Its tests are left out loudly if not; with REQUIRE_REDIS they fail. */
export function hasRedis(): boolean

export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Starts it again after `kill`. */
  readonly start: () => Promise<void>
  readonly kill: () => Promise<void>
  /** Ends it and removes its files. */
  readonly stop: () => Promise<void>
}

/** Starts one. `settings` are as in redis.conf; without `appendonly` a restart forgets everything. */
export function startRedis(settings?: Readonly<Record<string, string | number>>): Promise<RedisServer>
