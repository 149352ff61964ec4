using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// The check that an approver is not the caller. Both are compared as subjects of one issuer. An approver or a caller
/// without such a subject cannot be told apart, and may not approve.
/// </summary>
internal static class CallerSeparation
{
    /// <summary>Returns the reason why a person may not approve a caller's call; null if it may.</summary>
    /// <param name="grant">The grant of the call.</param>
    /// <param name="caller">The caller; null if no token of an issuer identified it.</param>
    /// <param name="account">The approver's account; null for a key without an account.</param>
    /// <param name="accountId">The id of that account.</param>
    /// <param name="documents">The current documents.</param>
    public static ApprovalReplyKind? Refused(
        string grant, CallerSubject? caller, string? account, string? accountId, ControlSnapshot documents)
    {
        if (account is null || accountId is null)
            return ApprovalReplyKind.UnknownCaller;
        if (caller is null)
        {
            return OwnerOf(grant, documents) is not { } owner ? ApprovalReplyKind.UnknownCaller
                : owner == accountId ? ApprovalReplyKind.Caller : null;
        }

        return SubjectOf(account, accountId, documents)?.DiffersFrom(caller) switch
        {
            true => null,
            false => ApprovalReplyKind.Caller,
            null => ApprovalReplyKind.UnknownCaller,
        };
    }

    /// <summary>Returns the id of the account that authorized the grant's client by OAuth; null if none did.</summary>
    public static string? OwnerOf(string grant, ControlSnapshot documents) =>
        documents.Find(new ControlKey(ControlKinds.Grants, grant)) is { } document
            ? JsonSerializer.Deserialize(document.Content.Span, ControlJsonContext.Default.GrantDocument)
                ?.OAuth?.OperatorId
            : null;

    // An unreadable document links no subject to the account.
    private static CallerSubject? SubjectOf(string account, string accountId, ControlSnapshot documents)
    {
        if (documents.Find(new ControlKey(ControlKinds.OperatorSubjects, account)) is not { } document)
            return null;
        try
        {
            var stored = JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.OperatorSubjectDocument);
            return stored?.OperatorId == accountId ? stored.Subject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
