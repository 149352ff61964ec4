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

    /// <summary>Those of a store, by name.</summary>
    public Pauses(IEnumerable<KeyValuePair<string, Pause>> all)
    {
        _all = new(all, StringComparer.Ordinal);
        Gateway = _all.GetValueOrDefault(GatewayName);
    }

    /// <summary>Nothing is stopped.</summary>
    public static Pauses None { get; } = new([]);

    /// <summary>The pause of everything; null while there is none.</summary>
    public Pause? Gateway { get; }

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>The name of the pause of a server.</summary>
    public static string OfServerName(string server) => ServerPrefix + server;

    /// <summary>The name of the pause of a grant.</summary>
    public static string OfGrantName(string grant) => GrantPrefix + grant;

    /// <summary>The pause of a server; null where it is not paused by itself.</summary>
    public Pause? OfServer(string server) => Of(ServerPrefix, server);

    /// <summary>The pause of a grant; null where it is not paused by itself.</summary>
    public Pause? OfGrant(string grant) => Of(GrantPrefix, grant);

    // No text is made for each call where nothing is paused.
    private Pause? Of(string prefix, string name) =>
        _all.Count == 0 ? null : _all.GetValueOrDefault(prefix + name);
}
