using Gateway.Admin.Identity.Operators;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>What an operator chose.</summary>
/// <param name="Resource">The server, or all that are chosen as one; null where none is chosen yet.</param>
/// <param name="Servers">Server name to policy name.</param>
/// <param name="Label">The grant's name.</param>
/// <param name="Expires">When the grant ends, as it was written; <c>never</c> for never.</param>
internal sealed record ConsentChoice(
    string? Resource, IReadOnlyDictionary<string, string?> Servers, string? Label, string? Expires)
{
    public const string Never = "never";
    private const string OfServer = "policy.";

    /// <summary>What the page offers.</summary>
    public static IReadOnlyList<(string Value, string Text)> Lengths { get; } =
    [
        ("1d", "1 day"), ("7d", "7 days"), ("30d", "30 days"), ("90d", "90 days"), ("365d", "1 year"),
        (Never, "never"),
    ];

    /// <summary>The field of a server's policy, where there are several.</summary>
    public static string FieldOf(string server) => OfServer + server;

    /// <summary>What the form brings: of several servers, those that a policy was chosen for.</summary>
    public static ConsentChoice Read(string? asked, OAuthParameters form, ControlState state, OperatorAccount account)
    {
        var resource = asked ?? form["server"];
        Dictionary<string, string?> servers = new(StringComparer.Ordinal);
        if (asked == ResourceNames.All)
        {
            foreach (var server in ConnectRights.Servers(state, account))
            {
                if (form[FieldOf(server)] is { } policy)
                    servers[server] = policy;
            }
        }
        else if (resource is not null)
        {
            servers[resource] = form["policy"];
        }

        return new ConsentChoice(resource, servers, form["label"], form["expires"]);
    }
}
