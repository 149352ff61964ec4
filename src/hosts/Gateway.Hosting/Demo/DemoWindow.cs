namespace Gateway.Hosting.Demo;

/// <summary>Waits until a minute, counted from the epoch, has room for every call in one window.</summary>
public static class DemoWindow
{
    /// <summary>The length of the limit's window.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>The time that the demo on one machine needs within one window.</summary>
    public static readonly TimeSpan RoomMin = TimeSpan.FromSeconds(15);

    /// <summary>Returns the number of the window since the epoch.</summary>
    public static long At(DateTimeOffset now) => (now - DateTimeOffset.UnixEpoch).Ticks / Length.Ticks;

    /// <summary>Returns the wait before the first call; zero if enough of the window is left.</summary>
    public static TimeSpan WaitAt(DateTimeOffset now, TimeSpan room)
    {
        var left = TimeSpan.FromTicks(Length.Ticks - ((now - DateTimeOffset.UnixEpoch).Ticks % Length.Ticks));
        return left < room ? left : TimeSpan.Zero;
    }

    /// <summary>Waits by <paramref name="time"/>, which may fire slightly early, until a window has room.</summary>
    public static async Task WaitForRoomAsync(
        TimeSpan room, TimeProvider time, TextWriter output, CancellationToken cancellationToken)
    {
        var wait = WaitAt(time.GetUtcNow(), room);
        if (wait > TimeSpan.Zero)
        {
            await output.WriteLineAsync(
                $"Waiting {Math.Ceiling(wait.TotalSeconds)} s for the next minute, so that one window sees every call.")
                .ConfigureAwait(false);
        }

        for (; wait > TimeSpan.Zero; wait = WaitAt(time.GetUtcNow(), room))
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }
}
