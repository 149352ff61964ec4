using Gateway.Admin.Identity.Operators;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>An operator's choices on the consent page.</summary>
/// <param name="Resource">The server, or all that are chosen as one; null if none is chosen yet.</param>
/// <param name="Servers">Server name to policy name.</param>
/// <param name="Label">The grant's name.</param>
/// <param name="Expires">The end of the grant as entered; <c>never</c> for no end.</param>
internal sealed record ConsentChoice(
    string? Resource, IReadOnlyDictionary<string, string?> Servers, string? Label, string? Expires)
{
    public const string Never = "never";
    private const string OfServer = "policy.";

    /// <summary>The durations that the page offers.</summary>
    public static IReadOnlyList<(string Value, string Text)> Lengths { get; } =
    [
        ("1d", "1 day"), ("7d", "7 days"), ("30d", "30 days"), ("90d", "90 days"), ("365d", "1 year"),
        (Never, "never"),
    ];

    /// <summary>Returns the name of the field for a server's policy, if there are several servers.</summary>
    public static string FieldOf(string server) => OfServer + server;

    /// <summary>Reads the form; of several servers, only those for which a policy was chosen.</summary>
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
