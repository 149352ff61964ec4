namespace Gateway.Limits.Model;

/// <summary>The scope of the calls that share one counter.</summary>
public enum LimitScope
{
    /// <summary>All calls of one grant to one server.</summary>
    Grant,

    /// <summary>All calls of one MCP session.</summary>
    Session,

    /// <summary>All calls to one server, from any grant.</summary>
    Server,

    /// <summary>
    /// All calls of one domain that clients other than agents have counted. These are never counters of agents, and
    /// they have their own share of the room for sessions.
    /// </summary>
    Service,
}
