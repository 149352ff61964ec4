namespace Gateway.Control.Updating;

/// <summary>The loop of a background service.</summary>
public static class Repeating
{
    /// <summary>
    /// Does the work after each interval, until the token is canceled. An exception of the work ends the loop.
    /// </summary>
    public static async Task RepeatAsync(
        this TimeProvider time, TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await work(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    /// <summary>
    /// Does the work after each interval, until the token is canceled. An exception of the work ends the loop.
    /// </summary>
    public static Task RepeatAsync(
        this TimeProvider time, TimeSpan interval, Action work, CancellationToken stoppingToken) =>
        time.RepeatAsync(
            interval,
            _ =>
            {
                work();
                return Task.CompletedTask;
            },
            stoppingToken);
}
