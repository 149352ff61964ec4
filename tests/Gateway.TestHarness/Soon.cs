namespace Gateway.TestHarness;

/// <summary>Waits for something that comes about by itself, and says so if it does not.</summary>
public static class Soon
{
    /// <summary>Far more than anything takes: a busy machine gets its time, a fault that stays is found.</summary>
    public static TimeSpan AtMost { get; } = TimeSpan.FromSeconds(150);

    /// <exception cref="TimeoutException">It did not come about; the message says what.</exception>
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
}
