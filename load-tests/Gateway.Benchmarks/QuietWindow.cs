using Gateway.Limits.Model;

namespace Gateway.Benchmarks;

/// <summary>A window that does not end while it is measured in.</summary>
internal static class QuietWindow
{
    /// <summary>
    /// Of the periods from half an hour to just under one (from there on every write is synced), the one that has the
    /// longest way to go.
    /// </summary>
    public static Window Find(TimeProvider time)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return Enumerable.Range(30, 30).Select(Minutes).MaxBy(window => window.EndMs(window.StartMs(nowMs)));
    }

    private static Window Minutes(int minutes) =>
        Window.TryParse($"{minutes}m", out var window) ? window : throw new FormatException($"{minutes}m");
}
