using Microsoft.AspNetCore.Http;

namespace Gateway.Mcp;

/// <summary>Passes a server's answer on to the client: as it comes, untouched but for lists.</summary>
public sealed class AnswerRelay
{
    /// <summary>Copies status, headers and body, and says what became of them. Disposes the answer.</summary>
    /// <param name="answer">The server's answer.</param>
    /// <param name="context">The client's request; its response must not have begun.</param>
    /// <param name="plan">What is to be looked at and changed.</param>
    /// <param name="stopping">Ends the answer from the gateway's side: shutdown, or a revoked grant.</param>
    public Task<RelayOutcome> CopyAsync(
        UpstreamAnswer answer, HttpContext context, RelayPlan plan, CancellationToken stopping) =>
        throw new NotSupportedException("Arrives with the next delivery.");
}
