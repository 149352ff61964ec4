using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>
/// What was said to one request. Its end gives nothing back: a window counts what was admitted, not what is held.
/// </summary>
internal sealed class ExactLease : RateLimitLease
{
    private static readonly string[] Names = [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name];
    private readonly TimeSpan? _retryAfter;
    private readonly string? _reason;

    private ExactLease(bool isAcquired, TimeSpan? retryAfter, string? reason) =>
        (IsAcquired, _retryAfter, _reason) = (isAcquired, retryAfter, reason);

    /// <summary>Admitted.</summary>
    public static ExactLease Admitted { get; } = new(true, null, null);

    /// <summary>Whoever may wait asks again asynchronously, as the middleware of ASP.NET Core does.</summary>
    public static ExactLease NotAtHand { get; } = new(
        false, TimeSpan.FromMilliseconds(50), "It cannot be said without waiting; acquire it asynchronously.");

    /// <inheritdoc/>
    public override bool IsAcquired { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> MetadataNames => IsAcquired ? [] : Names;

    /// <summary>Not admitted.</summary>
    public static ExactLease Refused(TimeSpan? retryAfter, string reason) => new(false, retryAfter, reason);

    /// <summary>What the engine said.</summary>
    public static ExactLease Of(in LimitDecision decision) => decision.Refusal is not { } refusal
        ? Admitted
        : new(
            false,
            decision.RetryAfterMs is { } ms ? TimeSpan.FromMilliseconds(Math.Max(1, ms)) : null,
            refusal.Reason);

    /// <inheritdoc/>
    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? _retryAfter
            : metadataName == MetadataName.ReasonPhrase.Name ? _reason
            : null;
        return metadata is not null;
    }
}
