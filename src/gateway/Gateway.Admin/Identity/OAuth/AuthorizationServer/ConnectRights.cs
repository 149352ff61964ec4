using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Which servers an operator may connect a client to, and under which policies.</summary>
internal static class ConnectRights
{
    /// <summary>Whoever may edit takes any; whoever may only connect takes the server's own.</summary>
    public static IReadOnlyList<string> Policies(ControlState state, OperatorAccount account, string server)
    {
        if (!state.Objects.Servers.TryGetValue(server, out var model)
            || !account.Roles.Allows(Permissions.Connect, server))
        {
            return [];
        }

        var own = model.OAuthPolicy;
        return account.Roles.Allows(Permissions.Edit, server)
            ? [.. state.Objects.Policies.Keys.Order(StringComparer.Ordinal)]
            : own is not null && state.Objects.Policies.ContainsKey(own) ? [own] : [];
    }

    /// <summary>Whether there is anything of a resource that they may give; null stands for a server yet to choose.
    /// </summary>
    public static bool Has(ControlState state, OperatorAccount account, string? resource) =>
        resource is null or ResourceNames.All
            ? Servers(state, account).Count > 0
            : Policies(state, account, resource).Count > 0;

    /// <summary>Those that have a policy to choose.</summary>
    public static IReadOnlyList<string> Servers(ControlState state, OperatorAccount account) =>
    [
        .. state.Objects.Servers.Keys.Where(server => Policies(state, account, server).Count > 0)
            .Order(StringComparer.Ordinal),
    ];
}
