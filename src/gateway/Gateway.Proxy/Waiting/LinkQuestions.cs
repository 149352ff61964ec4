using System.Globalization;
using Gateway.Control.Documents;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Telling;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The link that clients show their person while a call waits: the bare address of the request in the console, which
/// asks for a sign-in, since agents and mail scanners hold it too. It gives no leave, and neither does the state that
/// a client brings back: what counts is the answer in the store.
/// </summary>
internal sealed class LinkQuestions(SealedTokens tokens, ApprovalOptions options)
{
    /// <summary>What a state begins with that is the gateway's own and no server's.</summary>
    public const string StateStart = "policy-gateway.";

    private const string Purpose = "approval-state";

    /// <summary>The link; null where agents are told no address.</summary>
    public string? To(Approval approval) => options.ConsoleUrl is { } console
        ? $"{console.AbsoluteUri.TrimEnd('/')}/console/#/approvals/{approval.Id}"
        : null;

    /// <summary>The link for the stream of a call that is held; null where its client knows no such request.</summary>
    public string? InStream(CallContext call, Approval approval) =>
        call.Era == McpRevision.Legacy && call.Session.OpensUrls && UrlElicitation.IsOfRevision(call.Http)
            ? To(approval)
            : null;

    /// <summary>
    /// What a client brings back that is answered <c>input_required</c>; null where the call is held instead: its
    /// client opens no links, was asked already, or brings a server's own state, which is never wrapped.
    /// </summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public async ValueTask<string?> StateAsync(CallContext call, Approval approval, string digest)
    {
        var message = call.Message;
        if (options.ConsoleUrl is null || call.Era != McpRevision.Stateless || message.Kind != McpMessageKind.Request
            || !message.RequestState.IsEmpty || message.HasInputResponses || call.Retry?.Call == digest
            || !UrlElicitation.IsDeclaredBy(message))
            return null;
        var expires = approval.ExpiresMs.ToString(CultureInfo.InvariantCulture);
        return StateStart + await tokens.MakeAsync(Purpose, [digest, expires], CancellationToken.None);
    }

    /// <summary>The digest of the call that a state is of; null where it was not made here.</summary>
    /// <param name="state">The whole state.</param>
    /// <param name="documents">The store's, with the keys.</param>
    /// <param name="nowMs">Unix milliseconds; the digest of what is over is empty, and no call's.</param>
    public string? CallOf(string state, ControlSnapshot documents, long nowMs) =>
        tokens.Open(Purpose, state[StateStart.Length..], documents) is [var digest, var expires]
        && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var expiresMs)
            ? nowMs < expiresMs ? digest : ""
            : null;

    /// <summary>Whether the client's person would not open the link; the request stays open for others.</summary>
    public static bool IsDeclined(CallContext call) => call.Retry is { IsDeclined: true };

    /// <summary>What the person reads beside the link.</summary>
    public static string TextOf(CallContext call, string reason) =>
        $"{call.Message.Name} at {call.ServerName} waits for a person: {reason.TrimEnd('.')}. "
        + "Open the link, sign in and decide.";
}
