namespace Gateway.TestHarness;

/// <summary>A wait for an asynchronous effect that throws if it does not occur.</summary>
public static class Soon
{
    private static readonly TimeSpan LookMin = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookMax = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Far longer than anything takes, so that a busy machine has enough time but a permanent fault is found.
    /// </summary>
    public static TimeSpan AtMost { get; } = TimeSpan.FromSeconds(150);

    /// <summary>
    /// Looks again and again: after 20 ms at first, and later after a twentieth of the time that has passed, so that
    /// what takes a minute does not keep a processor busy with questions.
    /// </summary>
    /// <exception cref="TimeoutException">The effect did not occur; the message names it.</exception>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(LookMin);
        while (!await isSo())
        {
            var elapsed = Stopwatch.GetElapsedTime(since);
            if (elapsed > AtMost) throw new TimeoutException($"never: {what}");
            timer.Period = TimeSpan.FromTicks(Math.Clamp(elapsed.Ticks / 20, LookMin.Ticks, LookMax.Ticks));
            await timer.WaitForNextTickAsync();
        }
    }

    public static Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);

    /// <summary>Waits until a token is refused. One that ends during a call cuts the call off.</summary>
    /// <param name="call">Calls with the token and returns the status.</param>
    public static Task TokenEndsAsync(Func<Task<int>> call) => UntilAsync(
        async () =>
        {
            try
            {
                return await call() == 401;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        "the token ends");
}
