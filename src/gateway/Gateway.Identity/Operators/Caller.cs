using Gateway.Identity.Roles;

namespace Gateway.Identity.Operators;

/// <summary>Who asks something of the admin API.</summary>
/// <param name="Name">As records name it: the operator's, or <see cref="BreakGlassName"/>.</param>
/// <param name="Roles">What it may do with what it came with.</param>
/// <param name="Account">Null for whoever has the administrator's key.</param>
public sealed record Caller(string Name, RoleSet Roles, OperatorAccount? Account)
{
    /// <summary>Whoever has the administrator's key; no operator can be called that.</summary>
    public const string BreakGlassName = "admin";

    /// <summary>Whoever has the administrator's key.</summary>
    public static Caller BreakGlass { get; } = new(BreakGlassName, RoleSet.Admin, null);

    /// <summary>The key that it came with; null where it was something else.</summary>
    public OperatorKey? Key { get; init; }

    /// <summary>The session that it came with; null where it was something else.</summary>
    public OperatorSession? Session { get; init; }

    /// <summary>Whether the proxy before us says who it is.</summary>
    public bool IsProxied { get; init; }
}
