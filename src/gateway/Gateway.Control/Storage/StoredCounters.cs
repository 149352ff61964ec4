using Gateway.Limits.Model;

namespace Gateway.Control.Storage;

/// <summary>The counters of a store that no gateway uses, as they are copied into another store.</summary>
/// <param name="Records">The record of each counter. Its nonce means nothing in another store.</param>
/// <param name="FloorMs">Windows that end at or before this are finished for good, Unix milliseconds UTC.</param>
/// <param name="ClosedBeforeMs">Windows that began before this are closed to their end, because their counts may be
/// lost; <see cref="long.MinValue"/> for none.</param>
public sealed record StoredCounters(
    IReadOnlyList<KeyValuePair<CounterKey, Reservation>> Records, long FloorMs, long ClosedBeforeMs)
{
    /// <summary>The mark that closes every window that has begun by the next start of a gateway to its end.</summary>
    public const long ClosedUntilStart = long.MaxValue;

    /// <summary>Returns the counters of a store whose counts are lost.</summary>
    /// <param name="used">Counters of the longest windows that are marks, not limits: they count as used.</param>
    /// <param name="nowMs">The present time.</param>
    public static StoredCounters Lost(IEnumerable<CounterKey> used, long nowMs) => new(
        [.. used.Select(key => KeyValuePair.Create(
            key, new Reservation(key.Window.StartMs(nowMs), Amount.One.Nano, 0)))],
        0, ClosedUntilStart);
}
