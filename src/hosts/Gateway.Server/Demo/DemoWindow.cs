namespace Gateway.Server.Demo;

/// <summary>Waits until a minute, counted from the epoch, has room for every call in one window.</summary>
internal static class DemoWindow
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan RoomMin = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait before the first call; zero where enough of the window is left.</summary>
    public static TimeSpan WaitAt(DateTimeOffset now)
    {
        var left = TimeSpan.FromTicks(Length.Ticks - ((now - DateTimeOffset.UnixEpoch).Ticks % Length.Ticks));
        return left < RoomMin ? left : TimeSpan.Zero;
    }

    /// <summary>Waits by <paramref name="time"/>, which may fire a little early, until a window has room.</summary>
    public static async Task WaitForRoomAsync(TimeProvider time, TextWriter output, CancellationToken cancellationToken)
    {
        var wait = WaitAt(time.GetUtcNow());
        if (wait > TimeSpan.Zero)
        {
            await output.WriteLineAsync(
                $"Waiting {Math.Ceiling(wait.TotalSeconds)} s for the next minute, so that one window sees every call.")
                .ConfigureAwait(false);
        }

        for (; wait > TimeSpan.Zero; wait = WaitAt(time.GetUtcNow()))
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }
}
