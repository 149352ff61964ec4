using System.Text;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Proxy.Approvals.Digests;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// What an approver suggests who denies a call: other arguments, with which the agent may call once. They change no
/// call: the agent makes a new one, which is judged as any other, and the approval is for its digest.
/// </summary>
public sealed class ApprovalSuggestions(
    ApprovalRepository book, ApprovalRecord record, ArgumentsDigest digests)
{
    /// <summary>Why nothing can be suggested; null where nothing is, or it can.</summary>
    internal static ApprovalReplyKind? Refused(ApprovalEntry denied, GivenAnswer answer)
    {
        if (answer.SuggestedArguments is null)
            return null;
        return denied.Approval is not { GrantToken: not null, Method: McpMethods.ToolsCall }
            ? ApprovalReplyKind.NoSuggestion
            : NameOf(denied, answer) == denied.Name ? ApprovalReplyKind.SameArguments
            : null;
    }

    /// <summary>The name of the document of the call with the suggested arguments.</summary>
    internal static string NameOf(ApprovalEntry denied, GivenAnswer answer)
    {
        var asked = denied.Approval;
        return CallDigest.Of(
            [
                ApprovalRepository.Purpose, asked.Grant, asked.GrantToken ?? "", asked.Server, McpMethods.ToolsCall,
                asked.Tool,
            ],
            Encoding.UTF8.GetBytes(answer.SuggestedArguments!), McpReadBounds.Default.DepthMax);
    }

    /// <summary>Approves the call with the suggested arguments, once; of several approvers as the first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been approved.</exception>
    internal async ValueTask MakeAsync(ApprovalEntry denied, Approver who, GivenAnswer answer, long nowMs)
    {
        var (asked, name) = (denied.Approval, denied.Approval.Suggestion!);
        var isEnough = asked.ApprovalsNeeded is null or 1;
        var suggestion = asked with
        {
            Id = CallId.New().ToString(),
            State = isEnough ? ApprovalState.Approved : ApprovalState.Open,
            Arguments = answer.SuggestedArguments,
            SealedArguments = null,
            ArgumentsSha256 = null,
            ArgumentsHmac = await digests.OfAsync(
                Encoding.UTF8.GetBytes(answer.SuggestedArguments!), CancellationToken.None),
            AskedMs = nowMs,
            ExpiresMs = nowMs + asked.HoldsForMs,
            EscalatesMs = asked.EscalatesMs - asked.AskedMs + nowMs,
            AnsweredMs = isEnough ? nowMs : null,
            AnsweredBy = isEnough ? who.Actor.Name : null,
            AnsweredAs = isEnough ? who.Actor : null,
            Comment = null,
            Votes = isEnough ? null : [ApprovalService.VoteOf(who, nowMs)],
            Proposed = null,
            Suggestion = null,
            SuggestedFor = asked.Id,
        };
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            var documents = await book.ReadAsync(CancellationToken.None);
            var version = ApprovalRepository.VersionOf(documents, name);
            if (await book.WriteAsync(name, version, suggestion, CancellationToken.None) is null)
                continue;
            await record.AnsweredAsync(suggestion, nowMs);
            return;
        }

        throw WriteAttempts.Exceeded("The suggestion");
    }
}
