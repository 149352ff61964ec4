using Gateway.Admin.Identity.Roles;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.Operators;

/// <summary>An API key.</summary>
public sealed record OperatorKey
{
    /// <summary>The prefix of every key.</summary>
    public const string Prefix = "pgo_";

    /// <summary>The owner.</summary>
    public required OperatorAccount Owner { get; init; }

    /// <summary>The name that the owner chose.</summary>
    public required string Name { get; init; }

    /// <summary>The hash of the key. The key itself is not stored.</summary>
    public required TokenHash Hash { get; init; }

    /// <summary>The roles that the key is restricted to; null for all of its owner's.</summary>
    public RoleSet? Limit { get; init; }

    /// <summary>The time of creation.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The expiry; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>
    /// True if the store records that the key has expired. Then it stays expired, whatever the clock shows later.
    /// </summary>
    public bool HasEnded { get; init; }

    /// <summary>The version of the document.</summary>
    public required long Version { get; init; }

    /// <summary>The name of the document, which also identifies the key's last use.</summary>
    public string FullName => $"{Owner.Name}/{Name}";

    /// <summary>The effective roles.</summary>
    public RoleSet Roles => Limit is null ? Owner.Roles : Limit.And(Owner.Roles);

    /// <summary>Returns true if the key gives access at this instant.</summary>
    public bool IsGood(long nowMs) =>
        !Owner.IsDisabled && !HasEnded && !IsExpired(nowMs);

    /// <summary>Returns true if the expiry is reached at this instant.</summary>
    public bool IsExpired(long nowMs) => Expires is { } end && nowMs >= end.ToUnixTimeMilliseconds();
}
