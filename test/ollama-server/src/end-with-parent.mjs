/**
 * Loaded into each program that a test starts and that does not exit by itself. The channel to the test process closes
 * when that ends, for whatever reason, and then this process ends too.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
