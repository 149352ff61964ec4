using Gateway.Limits.Model;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>One compare-and-swap in its stored form; one that cannot be stored fails alone.</summary>
internal sealed record WriteRequest(
    string Key, Guid ExpectedNonce, long WindowStartMs, long WindowEndMs, decimal Reserved, Guid Nonce,
    byte[]? Entries)
{
    /// <summary>The earliest moment at which the window counts.</summary>
    public long FirstMs { get; private init; }

    /// <exception cref="OverflowException">The amount is outside the range of a counter.</exception>
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

    /// <summary>Returns true if the window begins in this database's future, so that nothing was written.</summary>
    public bool IsAhead(long storeMs) => WindowStartMs > storeMs + ClockBounds.EpsilonMs;
}
