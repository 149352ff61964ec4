using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Policies;

/// <summary>
/// <c>/policies/{name}/draft</c>: a stored edit that is not active, so that edits are not lost. There is one for each
/// policy; an attempt to replace another operator's draft is refused with its author.
/// </summary>
internal sealed class PolicyDrafts(IControlStore store, SnapshotUpdater control, ProcessClock clock) : IAdminRoutes
{
    private const string Path = "/policies/{name}/draft";

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet(Path, ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows the draft of a policy, which is not active.").Produces<PolicyDraftView>();
        api.MapPut(Path, PutAsync).Requires(Permissions.Edit)
            .WithSummary("Stores a draft of a policy without activating it.")
            .Takes(static () => PolicyJson.Default.PolicyDraftInput).Produces<PolicyDraftView>();
        api.MapDelete(Path, DeleteAsync).Requires(Permissions.Edit)
            .WithSummary("Deletes the draft.").Produces(204);
    }

    private static Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(Find(call) is { } draft
        ? AdminResponse.Ok(Read(draft), PolicyJson.Default.PolicyDraftView, draft.Version)
        : NotFound(call));

    private async Task<AdminResponse> PutAsync(AdminCall call)
    {
        if (!EntityName.IsValid(call.Name))
            return Problems.Invalid($"\"{call.Name}\" is not a valid name for a policy: {EntityName.Rule}.");
        var (input, unreadable) = await call.ReadAsync(PolicyJson.Default.PolicyDraftInput);
        if (input?.Text is null)
            return unreadable ?? Problems.Invalid("\"text\" is missing: send the edited document as a string.");
        if (Refuse(call) is { } problem)
            return problem;
        var view = new PolicyDraftView(
            input.Text, call.Caller.Name, DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()), input.Base);
        var written = await store.WriteAsync(
            Key(call), Find(call)?.Version ?? 0,
            JsonSerializer.SerializeToUtf8Bytes(view, PolicyJson.Default.PolicyDraftView), CancellationToken.None);
        await control.RefreshAsync(CancellationToken.None);
        return written.IsWritten
            ? AdminResponse.Ok(view, PolicyJson.Default.PolicyDraftView, written.Version)
            : Problems.Changed;
    }

    private async Task<AdminResponse> DeleteAsync(AdminCall call)
    {
        if (Find(call) is not { } draft)
            return NotFound(call);
        if (Refuse(call) is { } problem)
            return problem;
        var written = await store.DeleteAsync(Key(call), draft.Version, CancellationToken.None);
        await control.RefreshAsync(CancellationToken.None);
        return written.IsWritten ? AdminResponse.NoContent : Problems.Changed;
    }

    /// <summary>Returns the author of the policy's draft; null if there is none.</summary>
    public static ChangedView? Kept(AdminCall call)
    {
        if (Find(call) is not { } draft)
            return null;
        var view = Read(draft);
        return new ChangedView(ETags.Of(draft.Version), view.By, view.At);
    }

    /// <summary>
    /// Returns an error for another operator's draft unless the request has its version. Your own is replaced without
    /// one.
    /// </summary>
    private static AdminResponse? Refuse(AdminCall call)
    {
        if (Find(call) is not { } draft)
            return null;
        var (kept, wanted) = (Kept(call)!, call.Request.Headers.IfMatch);
        return (wanted.Count == 0 ? kept.By == call.Caller.Name : ETags.Match(wanted, draft.Version))
            ? null
            : Problems.ChangedBy(kept);
    }

    private static PolicyDraftView Read(ControlDocument draft) =>
        JsonSerializer.Deserialize(draft.Content.Span, PolicyJson.Default.PolicyDraftView)!;

    private static ControlDocument? Find(AdminCall call) => call.State.Documents.Find(Key(call));

    private static ControlKey Key(AdminCall call) => new(ControlKinds.Drafts, call.Name);

    private static AdminResponse NotFound(AdminCall call) => Problems.NotFound(
        "draft of the policy", call.Name,
        call.State.Documents.OfKind(ControlKinds.Drafts).Select(static draft => draft.Key.Name));
}

/// <summary>A draft to store.</summary>
/// <param name="Text">The document in progress; it need not be a valid policy yet.</param>
/// <param name="Base">The ETag of the policy on which it is based; null if there was none.</param>
internal sealed record PolicyDraftInput(string? Text = null, string? Base = null);

/// <summary>A stored draft, which is not active.</summary>
/// <param name="Text">The document in progress; it need not be a valid policy.</param>
/// <param name="By">The author.</param>
/// <param name="At">The time of storing.</param>
/// <param name="Base">The ETag of the policy on which it is based; absent if there was none.</param>
internal sealed record PolicyDraftView(string Text, string By, DateTimeOffset At, string? Base);
