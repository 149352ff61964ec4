namespace Gateway.EnvoyRls.Tests.Deciding;

/// <summary>Short ways to say what a proxy asks.</summary>
internal static class Ask
{
    public static RateLimitRequest Of(string domain, params RateLimitDescriptor[] descriptors) =>
        new() { Domain = domain, Descriptors = { descriptors } };

    /// <summary>A descriptor such as <c>database=users, table=orders</c>.</summary>
    public static RateLimitDescriptor By(string entries, ulong? hits = null, bool isNegative = false)
    {
        var descriptor = new RateLimitDescriptor { HitsAddend = hits, IsNegativeHits = isNegative };
        foreach (var entry in entries.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = entry.IndexOf('=', StringComparison.Ordinal);
            descriptor.Entries.Add(new RateLimitDescriptor.Types.Entry
            {
                Key = entry[..at],
                Value = entry[(at + 1)..],
            });
        }

        return descriptor;
    }
}
