namespace Gateway.Control.Snapshots;

/// <summary>
/// What the operator has stopped, beside what stands in a grant itself: everything, servers, and grants whatever made
/// them. Each is a thing of its own, so that the end of one ends no other.
/// </summary>
public sealed class Pauses
{
    /// <summary>The name of the pause of everything.</summary>
    public const string GatewayName = "gateway";

    private const string ServerPrefix = "servers/";
    private const string GrantPrefix = "grants/";

    private readonly Dictionary<string, Pause> _all;

    public Pauses(IEnumerable<KeyValuePair<string, Pause>> all)
    {
        _all = new(all, StringComparer.Ordinal);
        Gateway = _all.GetValueOrDefault(GatewayName);
    }

    public static Pauses None { get; } = new([]);

    /// <summary>The pause of everything; null while there is none.</summary>
    public Pause? Gateway { get; }

    public int Count => _all.Count;

    public static string OfServerName(string server) => ServerPrefix + server;

    public static string OfGrantName(string grant) => GrantPrefix + grant;

    public Pause? OfServer(string server) => Of(ServerPrefix, server);

    public Pause? OfGrant(string grant) => Of(GrantPrefix, grant);

    // No text is made for each call where nothing is paused.
    private Pause? Of(string prefix, string name) =>
        _all.Count == 0 ? null : _all.GetValueOrDefault(prefix + name);
}
