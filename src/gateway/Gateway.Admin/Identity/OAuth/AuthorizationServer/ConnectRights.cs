using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// The servers to which an operator may connect a client, and the policies that the operator may choose.
/// </summary>
internal static class ConnectRights
{
    /// <summary>
    /// Returns all policies for an operator who may edit; only the server's own for one who may only connect.
    /// </summary>
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

    /// <summary>
    /// Returns true if the operator may grant any part of a resource; null stands for a server yet to be chosen.
    /// </summary>
    public static bool Has(ControlState state, OperatorAccount account, string? resource) =>
        resource is null or ResourceNames.All
            ? Servers(state, account).Count > 0
            : Policies(state, account, resource).Count > 0;

    /// <summary>Returns the servers that have a policy to choose.</summary>
    public static IReadOnlyList<string> Servers(ControlState state, OperatorAccount account) =>
    [
        .. state.Objects.Servers.Keys.Where(server => Policies(state, account, server).Count > 0)
            .Order(StringComparer.Ordinal),
    ];
}
