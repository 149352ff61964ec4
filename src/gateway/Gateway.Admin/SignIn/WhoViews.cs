using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.SignIn;

/// <summary>Shows callers to themselves.</summary>
internal static class WhoViews
{
    /// <param name="caller">Who it is.</param>
    /// <param name="end">When its session ends; null where it has none.</param>
    /// <param name="csrf">What its changes have to bring; null where it has no session.</param>
    public static WhoView Of(Caller caller, DateTimeOffset? end, string? csrf) => new(
        caller.Name, caller.Account?.DisplayName, caller.Roles.Texts,
        caller.Session is not null ? "session" : caller.IsProxied ? "proxy" : caller.Key is null ? "admin-key" : "key",
        caller.Key?.Name, caller.Key?.Expires ?? end, csrf)
    {
        Permissions = caller.Roles.Allowed,
    };
}
