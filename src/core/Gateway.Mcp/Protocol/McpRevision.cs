namespace Gateway.Mcp.Protocol;

/// <summary>The two shapes of the protocol, determined again for every request.</summary>
public enum McpRevision
{
    /// <summary>Revisions up to 2025-11-25: initialize, sessions, GET and DELETE.</summary>
    Legacy,

    /// <summary>
    /// Revision 2026-07-28 and later: every request stands alone and carries its version in its body.
    /// </summary>
    Stateless,
}
