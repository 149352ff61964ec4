using Gateway.Limits.Model;

namespace Gateway.Benchmarks;

/// <summary>A window that does not end during a measurement.</summary>
internal static class QuietWindow
{
    /// <summary>
    /// Returns the window with the most time left, of the periods from half an hour to just under one. From one hour
    /// on, every write is synced.
    /// </summary>
    public static Window Find(TimeProvider time)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return Enumerable.Range(30, 30).Select(Minutes).MaxBy(window => window.EndMs(window.StartMs(nowMs)));
    }

    private static Window Minutes(int minutes) =>
        Window.TryParse($"{minutes}m", out var window) ? window : throw new FormatException($"{minutes}m");
}
