namespace Gateway.TestHarness;

/// <summary>A wait for an asynchronous effect that throws if it does not occur.</summary>
public static class Soon
{
    /// <summary>
    /// Far longer than anything takes, so that a busy machine has enough time but a permanent fault is found.
    /// </summary>
    public static TimeSpan AtMost { get; } = TimeSpan.FromSeconds(150);

    /// <exception cref="TimeoutException">The effect did not occur; the message names it.</exception>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using var patience = new CancellationTokenSource(AtMost);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
        {
            if (patience.IsCancellationRequested) throw new TimeoutException($"never: {what}");
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
