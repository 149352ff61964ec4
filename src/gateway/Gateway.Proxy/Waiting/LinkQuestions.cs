using System.Globalization;
using Gateway.Control.Documents;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Notices;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The link that a client shows its user while a call waits: the plain address of the request in the console. The
/// console requires sign-in, because agents and mail scanners see the link too. The link grants nothing, and neither
/// does the state that a client sends back: only the decision in the store counts.
/// </summary>
internal sealed class LinkQuestions(SealedTokens tokens, ApprovalOptions options)
{
    /// <summary>The prefix of a state that the gateway made, as opposed to a server.</summary>
    public const string StateStart = "policy-gateway.";

    private const string Purpose = "approval-state";

    /// <summary>Returns the link, or null if agents are given no console address.</summary>
    public string? To(Approval approval) => options.ConsoleUrl is { } console
        ? $"{console.AbsoluteUri.TrimEnd('/')}/console/#/approvals/{approval.Id}"
        : null;

    /// <summary>
    /// Returns the link for the stream of a pending call, or null if its client does not support such requests.
    /// </summary>
    public string? InStream(CallContext call, Approval approval) =>
        call.Revision == McpRevision.Legacy && call.Session.OpensUrls && UrlElicitation.IsOfRevision(call.Http)
            ? To(approval)
            : null;

    /// <summary>
    /// Returns the state for an <c>input_required</c> response. Returns null if the call waits instead: its client
    /// opens no links, has already received the request, or sends a server's own state, which is never wrapped.
    /// </summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public ValueTask<string?> StateAsync(CallContext call, Approval approval, string digest) =>
        options.ConsoleUrl is null ? default : StateAsync(call, approval.ExpiresMs, digest);

    /// <summary>Returns the state for a response with another link, under the same conditions.</summary>
    /// <param name="call">The call.</param>
    /// <param name="expiresMs">The time until which the link is valid, in Unix milliseconds.</param>
    /// <param name="digest">The digest of the call.</param>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public async ValueTask<string?> StateAsync(CallContext call, long expiresMs, string digest)
    {
        var message = call.Message;
        // Nobody opens a link for a call that runs later.
        if (call is not { Revision: McpRevision.Stateless, Claim: null }
            || message.Kind != McpMessageKind.Request
            || !message.RequestState.IsEmpty || message.HasInputResponses || call.Retry?.Call == digest
            || !UrlElicitation.IsDeclaredBy(message))
            return null;
        var expires = expiresMs.ToString(CultureInfo.InvariantCulture);
        return StateStart + await tokens.MakeAsync(Purpose, [digest, expires], CancellationToken.None);
    }

    /// <summary>
    /// Returns the digest of the call that a state belongs to, or null if this gateway did not make the state.
    /// </summary>
    /// <param name="state">The whole state.</param>
    /// <param name="documents">The documents of the store, with the keys.</param>
    /// <param name="nowMs">
    /// The current time in Unix milliseconds. An expired state returns an empty digest, which matches no call.
    /// </param>
    public string? CallOf(string state, ControlSnapshot documents, long nowMs) =>
        tokens.Open(Purpose, state[StateStart.Length..], documents) is [var digest, var expires]
        && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var expiresMs)
            ? nowMs < expiresMs ? digest : ""
            : null;

    /// <summary>
    /// Returns true if the user declined to open the link; the request stays open for other approvers.
    /// </summary>
    public static bool IsDeclined(CallContext call) => call.Retry is { IsDeclined: true };

    /// <summary>Returns the text that the user reads beside the link.</summary>
    public static string TextOf(CallContext call, string reason) =>
        TextOf(call.Message.Name, call.ServerName, reason);

    /// <summary>Returns the text that the user reads beside the link to a request.</summary>
    public static string TextOf(Approval approval) => TextOf(approval.Tool, approval.Server, approval.Reason);

    private static string TextOf(string? tool, string server, string reason) =>
        $"{tool} at {server} waits for a person: {reason.TrimEnd('.')}. Open the link, sign in and decide.";
}
