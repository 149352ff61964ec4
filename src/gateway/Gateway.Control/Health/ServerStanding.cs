namespace Gateway.Control.Health;

/// <summary>How a server stands.</summary>
/// <param name="SinceMs">Since when, Unix milliseconds.</param>
/// <param name="Fault">Why there was no answer; null where there was one.</param>
/// <param name="Place">The address or program that was asked: of another one nothing is known.</param>
/// <param name="Evidence">What ends the fault; of a server without a fault, nothing.</param>
public sealed record ServerStanding(
    long SinceMs, string? Fault, object? Place, ServerEvidence Evidence = ServerEvidence.Head);

/// <summary>
/// The kinds of evidence for the health of a server. A fault ends only by evidence of its own kind, or of a later one.
/// </summary>
public enum ServerEvidence
{
    /// <summary>The head of an answer came, whatever it says: the server can be reached.</summary>
    Head,

    /// <summary><c>initialize</c> agreed on a revision of the protocol that is supported.</summary>
    Handshake,

    /// <summary>A tool call got its response.</summary>
    Response,
}
