using System.Text;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Proxy.Approvals.Digests;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// The calls that approvers suggest when they deny a call: other arguments, with which the agent may call once. No call
/// is changed: the agent makes a new one, which is evaluated like any other, and the approval is bound to its digest.
/// </summary>
public sealed class ApprovalSuggestions(
    ApprovalRepository book, ApprovalRecord record, ArgumentsDigest digests)
{
    /// <summary>Returns the reason why the suggestion is not possible; null if it is, or if there is none.</summary>
    internal static ApprovalReplyKind? Refused(ApprovalEntry denied, GivenAnswer answer)
    {
        if (answer.SuggestedArguments is null)
            return null;
        return denied.Approval is not { GrantToken: not null, Method: McpMethods.ToolsCall }
            ? ApprovalReplyKind.NoSuggestion
            : NameOf(denied, answer) == denied.Name ? ApprovalReplyKind.SameArguments
            : null;
    }

    /// <summary>Returns the document name of the call with the suggested arguments.</summary>
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

    /// <summary>
    /// Approves the call with the suggested arguments once; with several approvers, this counts as the first approval.
    /// </summary>
    /// <exception cref="ControlStoreException">
    /// The store cannot be reached; the call may have been approved.
    /// </exception>
    internal async ValueTask MakeAsync(ApprovalEntry denied, Approver who, GivenAnswer answer, long nowMs)
    {
        var (asked, name) = (denied.Approval, denied.Approval.Suggestion!);
        var isEnough = asked.ApprovalsNeeded is null or 1;
        var suggestion = asked with
        {
            Id = CallId.New().ToString(),
            UnrecordedEnd = null,
            UnrecordedUntilMs = null,
            State = isEnough ? ApprovalState.Approved : ApprovalState.Open,
            IsApartFromCaller = isEnough ? asked.IsBarredToCaller : null,
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
            if (await EndRecords.TryTakeReplacedAsync(book, record, documents, name, nowMs))
                documents = await book.ReadAsync(CancellationToken.None);
            var version = ApprovalRepository.VersionOf(documents, name);
            if (await book.WriteAsync(name, version, suggestion, CancellationToken.None) is null)
                continue;
            await record.AnsweredAsync(suggestion, answer.SuggestedArguments, nowMs);
            return;
        }

        throw WriteAttempts.Exceeded("The suggestion");
    }
}
