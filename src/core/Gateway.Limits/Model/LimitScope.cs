namespace Gateway.Limits.Model;

/// <summary>Who shares one counter.</summary>
public enum LimitScope
{
    /// <summary>All calls of one grant to one server.</summary>
    Grant,

    /// <summary>All calls of one MCP session.</summary>
    Session,

    /// <summary>All calls to one server, whoever makes them.</summary>
    Server,

    /// <summary>
    /// What others than agents have counted, of one domain: never a counter of agents, and its own share of the room
    /// that sessions have.
    /// </summary>
    Service,
}
