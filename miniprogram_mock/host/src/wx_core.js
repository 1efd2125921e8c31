/** wx: calls with success, fail and complete, as WeChat has them. */

/** Settle `promise` through the callbacks of `options`; without callbacks answer the promise. */
export function settle(name, options, promise) {
  const { success, fail, complete } = options ?? {};
  const done = promise.then(
    (result) => {
      const answer = { errMsg: `${name}:ok`, ...result };
      success?.(answer);
      complete?.(answer);
      return answer;
    },
    (error) => {
      const answer = { errMsg: error.errMsg ?? `${name}:fail ${error.message ?? error}` };
      fail?.(answer);
      complete?.(answer);
      if (!fail && !complete && !success) throw answer;
      return answer;
    },
  );
  if (!success && !fail && !complete) return done;
  done.catch((error) => console.error(error));
  return undefined;
}
