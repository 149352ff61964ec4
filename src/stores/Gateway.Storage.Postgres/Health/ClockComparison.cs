using System.Globalization;
using Gateway.Limits.Model;

namespace Gateway.Storage.Postgres.Health;

/// <summary>
/// A comparison of two clocks across a round trip. The other clock was read between sending and receiving, so a
/// difference is proven only if it lies outside that span by more than <see cref="ClockBounds.EpsilonMaxMs"/>.
/// </summary>
/// <param name="SentMs">This process's clock before the query.</param>
/// <param name="ReceivedMs">This process's clock after the result.</param>
/// <param name="StoreMs">The database's clock in between.</param>
public readonly record struct ClockComparison(long SentMs, long ReceivedMs, long StoreMs)
{
    /// <summary>
    /// Minimum milliseconds by which this clock is ahead; negative if behind; 0 if nothing is proven.
    /// </summary>
    public long ProvenAheadMs =>
        StoreMs < SentMs - ClockBounds.EpsilonMaxMs ? SentMs - StoreMs
        : StoreMs > ReceivedMs + ClockBounds.EpsilonMaxMs ? ReceivedMs - StoreMs
        : 0;

    /// <summary>
    /// Milliseconds by which this clock is probably ahead, negative if behind, assuming that both directions took
    /// equally long.
    /// </summary>
    public long ProbablyAheadMs => SentMs + ((ReceivedMs - SentMs) / 2) - StoreMs;

    /// <summary>Message about a proven difference; null if nothing is proven.</summary>
    public string? Fault => ProvenAheadMs switch
    {
        0 => null,
        > 0 and var ahead => Describe(ahead, "ahead of"),
        var behind => Describe(-behind, "behind"),
    };

    private static string Describe(long distanceMs, string where) => string.Create(
        CultureInfo.InvariantCulture,
        $"This machine's clock is at least {distanceMs} ms {where} the database's clock: calls are denied until both "
        + $"clocks agree within {ClockBounds.EpsilonMaxMs} ms. Check the time synchronization (chrony, ntpd) of both "
        + $"machines.");
}
