using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>
/// The result of one request. Disposing it returns nothing, because a window counts admissions, not held permits.
/// </summary>
internal sealed class ExactLease : RateLimitLease
{
    private static readonly string[] Names = [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name];
    private readonly TimeSpan? _retryAfter;
    private readonly string? _reason;

    private ExactLease(bool isAcquired, TimeSpan? retryAfter, string? reason) =>
        (IsAcquired, _retryAfter, _reason) = (isAcquired, retryAfter, reason);

    /// <summary>The lease of an admitted request.</summary>
    public static ExactLease Admitted { get; } = new(true, null, null);

    /// <summary>
    /// The lease of a request that requires waiting. Callers that can wait retry asynchronously, as ASP.NET Core's
    /// middleware does.
    /// </summary>
    public static ExactLease NotAtHand { get; } = new(
        false, TimeSpan.FromMilliseconds(50), "A decision requires waiting; acquire asynchronously.");

    /// <inheritdoc/>
    public override bool IsAcquired { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> MetadataNames => IsAcquired ? [] : Names;

    /// <summary>Creates the lease of a refused request.</summary>
    public static ExactLease Refused(TimeSpan? retryAfter, string reason) => new(false, retryAfter, reason);

    /// <summary>Creates the lease for a decision of the limiter.</summary>
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
