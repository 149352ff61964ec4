namespace Gateway.Faults;

/// <summary>The run's only clock: Unix milliseconds that never jump, used for every time stamp in a history.</summary>
internal sealed class RunClock(TimeProvider time)
{
    private readonly long _startUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long _start = time.GetTimestamp();

    public long NowMs() => _startUnixMs + (long)time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Waits so many milliseconds; returns early, without an exception, if it is stopped.</summary>
    public static async Task PassAsync(long milliseconds, CancellationToken stop = default)
    {
        if (milliseconds <= 0) return;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds));
        try
        {
            await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // The caller checks its token.
        }
    }

    /// <summary>Waits until a condition holds; returns false if it does not within the bound.</summary>
    public async Task<bool> UntilAsync(Func<Task<bool>> holds, long boundMs)
    {
        for (var end = NowMs() + boundMs; NowMs() < end; await PassAsync(20))
        {
            if (await holds()) return true;
        }

        return false;
    }
}
