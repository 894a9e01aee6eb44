/**
 * Loaded into each program that a test starts and that does not end by itself: the channel to the test process closes with that, whatever ends it, and
 * then this process ends too.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
