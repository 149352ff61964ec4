using Gateway.Admin.Identity.Roles;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.Operators;

/// <summary>An API key.</summary>
public sealed record OperatorKey
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "pgo_";

    /// <summary>Whose it is.</summary>
    public required OperatorAccount Owner { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>All that is known of the key.</summary>
    public required TokenHash Hash { get; init; }

    /// <summary>What it may at most; null for all that its owner may.</summary>
    public RoleSet? Limit { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>
    /// Whether the store contains that it reached its end. Then it stays ended, whatever a clock shows later.
    /// </summary>
    public bool HasEnded { get; init; }

    /// <summary>The document's.</summary>
    public required long Version { get; init; }

    /// <summary>The document's name, which is also what its last use is kept by.</summary>
    public string FullName => $"{Owner.Name}/{Name}";

    /// <summary>What it may now.</summary>
    public RoleSet Roles => Limit is null ? Owner.Roles : Limit.And(Owner.Roles);

    /// <summary>Whether it opens anything at this instant.</summary>
    public bool IsGood(long nowMs) =>
        !Owner.IsDisabled && !HasEnded && !IsExpired(nowMs);

    /// <summary>Whether its expiry is reached at this instant.</summary>
    public bool IsExpired(long nowMs) => Expires is { } end && nowMs >= end.ToUnixTimeMilliseconds();
}
