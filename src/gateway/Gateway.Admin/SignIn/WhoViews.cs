using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.SignIn;

/// <summary>Creates views of callers.</summary>
internal static class WhoViews
{
    /// <param name="caller">The caller.</param>
    /// <param name="end">The end of its session; null if it has none.</param>
    /// <param name="csrf">The antiforgery token for its changes; null if it has no session.</param>
    public static WhoView Of(AdminCaller caller, DateTimeOffset? end, string? csrf) => new(
        caller.Name, caller.Account?.DisplayName, caller.Roles.Texts,
        caller.Session is not null ? "session" : caller.IsProxied ? "proxy" : caller.Key is null ? "admin-key" : "key",
        caller.Key?.Name, caller.Key?.Expires ?? end, csrf)
    {
        Permissions = [.. caller.Roles.Allowed.Union(caller.DelegatedPermissions)],
    };
}
