namespace Gateway.Control.Health;

/// <summary>The health of a server.</summary>
/// <param name="SinceMs">The start of this state in Unix milliseconds.</param>
/// <param name="Fault">The reason why there was no response; null if there was one.</param>
/// <param name="Place">The address or program that was called; nothing is known about any other.</param>
/// <param name="Evidence">The evidence that ends the fault; without meaning for a server without a fault.</param>
public sealed record ServerStanding(
    long SinceMs, string? Fault, object? Place, ServerEvidence Evidence = ServerEvidence.Head)
{
    /// <summary>True if nothing was sent, because the gateway has no valid credential for the server.</summary>
    public bool LacksCredential { get; init; }
}

/// <summary>
/// The kinds of evidence for the health of a server. A fault ends only by evidence of its own kind, or of a later one.
/// </summary>
public enum ServerEvidence
{
    /// <summary>The head of a response came, whatever it says: the server can be reached.</summary>
    Head,

    /// <summary><c>initialize</c> agreed on a revision of the protocol that is supported.</summary>
    Handshake,

    /// <summary>A tool call got its response.</summary>
    Response,
}
