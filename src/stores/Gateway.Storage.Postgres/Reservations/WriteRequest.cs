using Gateway.Limits.Model;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>One compare-and-swap, as the tables hold it; one that cannot be written fails alone.</summary>
internal sealed record WriteRequest(
    string Key, Guid ExpectedNonce, long WindowStartMs, long WindowEndMs, decimal Reserved, Guid Nonce,
    byte[]? Entries)
{
    /// <summary>The earliest moment that the window counts.</summary>
    public long FirstMs { get; private init; }

    /// <exception cref="OverflowException">The amount is none that a counter can hold.</exception>
    public static WriteRequest From(CounterKey key, UInt128 expectedNonce, Reservation next) => new(
        StoredKey.Of(key),
        StoredNumbers.ToStored(expectedNonce),
        next.WindowStartMs,
        key.RecordEndMs(next),
        StoredNumbers.ToStored(next.Reserved),
        StoredNumbers.ToStored(next.Nonce),
        next.Entries?.ToBytes())
    {
        FirstMs = Math.Max(key.Kind.FirstCountedMs(key.Window, next.WindowStartMs), key.GenerationFromMs),
    };

    /// <summary>The window begins only in this database's future: nothing was written.</summary>
    public bool IsAhead(long storeMs) => WindowStartMs > storeMs + ClockBounds.EpsilonMs;
}
