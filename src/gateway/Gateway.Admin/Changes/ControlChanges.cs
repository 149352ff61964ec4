using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Changes;

/// <summary>Makes changes: recorded, written, and applied to this gateway.</summary>
internal sealed partial class ControlChanges(
    ChangeWriter writer, SnapshotUpdater control, ILogger<ControlChanges> logger)
{
    private const int NamedMax = 20;

    /// <summary>The maximum number of characters of a reason.</summary>
    public const int ReasonLengthMax = 500;

    /// <summary>Returns the new version, or the reason why there is none.</summary>
    public async Task<(long Version, AdminResponse? Problem)> MakeAsync(AdminCall call, DocumentChange change)
    {
        var reason = call.Wanted(AdminRoute.Reason.Name);
        if (reason is not null && (reason.Length > ReasonLengthMax || reason.Any(char.IsControl)))
        {
            return (0, Problems.Invalid(
                $"A reason has at most {ReasonLengthMax} characters and no control characters."));
        }

        var made = change with { Reason = change.Reason ?? (string.IsNullOrWhiteSpace(reason) ? null : reason) };
        if (await writer.MakeAsync(call.Actor, made) is not { } write)
            return (0, Problems.AuditUnavailable);
        if (!write.IsWritten)
            return (0, Problems.Changed);
        await control.RefreshAsync(CancellationToken.None);
        LogChanged(call.Caller.Name, call.From, change.Action, change.Key);
        return (write.Version, null);
    }

    /// <summary>Makes several changes, recorded one by one and applied together.</summary>
    /// <param name="call">The request.</param>
    /// <param name="whole">The object that the history shows for all of them.</param>
    /// <param name="all">The changes, in order.</param>
    /// <returns>The number of changes made, and the reason if not all were; null if they were.</returns>
    public async Task<(int Made, AdminResponse? Problem)> MakeAllAsync(
        AdminCall call, ControlKey whole, IReadOnlyList<DocumentChange> all)
    {
        var made = await writer.MakeAllAsync(call.Actor, "apply", whole, all);
        await control.RefreshAsync(CancellationToken.None);
        LogChanged(call.Caller.Name, call.From, "apply", whole);
        return (made ?? 0, made is null ? Problems.AuditUnavailable
            : made == all.Count ? null
            : Problems.Of(StatusCodes.Status412PreconditionFailed, "Changed concurrently",
                $"{all[made.Value].Key} was changed by somebody else at the same time. {made} of {all.Count} changes "
                + $"were made before it{Named(all, made.Value)}. Apply the documents again: the changes that were "
                + "made stay."
                + (all.Take(made.Value).Any(static one => one is { Key.Kind: ControlKinds.Grants, Action: "create" })
                    ? " The tokens of the created grants were not shown. Create new tokens with \"gateway grant "
                        + "rotate\"."
                    : "")));
    }

    private static string Named(IReadOnlyList<DocumentChange> all, int made) => made == 0 ? ""
        : $": {string.Join(", ", all.Take(Math.Min(made, NamedMax)).Select(static one => $"{one.Action} {one.Key}"))}"
            + (made > NamedMax ? $" and {made - NamedMax} more, as \"gateway history\" shows" : "");

    /// <summary>Deletes a document that nothing refers to.</summary>
    /// <param name="call">The request.</param>
    /// <param name="kind">The document's kind.</param>
    /// <param name="noun">The word for that kind in messages.</param>
    /// <param name="before">Returns the state for the record, as JSON; null if it cannot be shown.</param>
    /// <param name="users">Returns the names of the objects that refer to it.</param>
    /// <param name="usersNoun">The word for those objects in messages.</param>
    public async Task<AdminResponse> RemoveAsync(
        AdminCall call, string kind, string noun, Func<ControlDocument, byte[]?> before, Func<List<string>> users,
        string usersNoun = "grants")
    {
        if (Origins.IsProvisioned(call.State, kind, call.Name))
            return Problems.Provisioned(noun, call.Name);
        var key = new ControlKey(kind, call.Name);
        if (call.State.Documents.Find(key) is not { } old)
            return Problems.NotFound(
                noun, call.Name, call.State.Documents.OfKind(kind).Select(static document => document.Key.Name));
        if (CheckVersion(call, old) is { } stale)
            return stale;
        if (users() is { Count: > 0 } found)
            return Problems.InUse(noun, call.Name, usersNoun, found);
        var (_, problem) = await MakeAsync(
            call, new DocumentChange("delete", key, old.Version, null, before(old), null));
        return problem ?? AdminResponse.NoContent;
    }

    /// <summary>
    /// Returns the reason why the change must not be tried: <c>If-Match</c> is missing or has another version. Returns
    /// null if it matches.
    /// </summary>
    public static AdminResponse? CheckVersion(AdminCall call, long version)
    {
        var wanted = call.Request.Headers.IfMatch;
        if (wanted.Count == 0)
            return Problems.NeedsVersion;
        return ETags.Match(wanted, version) ? null : Problems.Changed;
    }

    /// <summary>
    /// Checks the version of a document that may be damaged: it cannot be shown, so no version is required.
    /// </summary>
    public static AdminResponse? CheckVersion(AdminCall call, ControlDocument old) =>
        old.Damage is null ? CheckVersion(call, old.Version) : null;

    [LoggerMessage(1, LogLevel.Information, "Change by {By} at {From}: {Action} {Key}")]
    private partial void LogChanged(string by, string from, string action, ControlKey key);
}
