namespace Gateway.Fleet.Tests;

/// <summary>Waits for something that comes about by itself, and says so if it does not.</summary>
internal static class Soon
{
    /// <summary>Far more than anything takes: a busy machine gets its time, a fault that stays is found.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using var patience = new CancellationTokenSource(AtMost);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
            Assert.True(!patience.IsCancellationRequested && await timer.WaitForNextTickAsync(), $"never: {what}");
    }

    public static Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);
}
