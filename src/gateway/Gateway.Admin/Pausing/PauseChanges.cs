using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Pausing;

/// <summary>
/// Pauses that have documents of their own in the store: of everything, a server, a subject, a tool, or a grant of the
/// file. The intent does not depend on other changes, so no version is required, and a repeated request changes
/// nothing. An undo is about one pause: it sends the ETag of that pause as <c>If-Match</c>, or <c>If-None-Match: *</c>
/// to pause again only if nobody else has.
/// </summary>
internal sealed class PauseChanges(ControlChanges changes, SnapshotUpdater control, ProcessClock clock)
{
    private const int AttemptsMax = 3;

    /// <summary>The active state; up to date after a call that has changed something.</summary>
    public ControlState State => control.State;

    /// <summary>Returns the reason and the end that a request to pause gives, or the problem with them.</summary>
    public async Task<(PauseDetails? Details, AdminResponse? Problem)> ReadAsync(AdminCall call)
    {
        // Clients of earlier releases send no body.
        if (call.Request.ContentType is null)
            return (new PauseDetails(), null);
        var (input, problem) = await call.ReadAsync(PauseJson.Default.PauseInput);
        return input is null ? (null, problem) : Read(input.Reason, "until", input.Until);
    }

    /// <summary>Returns a reason and a time as they are given, or the problem with them.</summary>
    public (PauseDetails? Details, AdminResponse? Problem) Read(string? reason, string timeName, string? time)
    {
        if (reason is { Length: > PauseInput.ReasonLengthMax })
            return (null, Problems.Invalid($"\"reason\" may have at most {PauseInput.ReasonLengthMax} characters."));
        var trimmed = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        if (string.IsNullOrEmpty(time))
            return (new PauseDetails(trimmed), null);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        if (!WrittenTime.TryAhead(time, now, out var end))
            return (null, Problems.Invalid($"\"{timeName}\" must be {WrittenTime.Rule}."));
        return end <= now
            ? (null, Problems.Invalid($"\"{timeName}\" is in the past. Write a time in the future."))
            : (new PauseDetails(trimmed, end), null);
    }

    /// <param name="call">The request.</param>
    /// <param name="name">The name of the pause, as <see cref="Gateway.Control.Snapshots.Pauses"/> makes it.</param>
    /// <param name="paused">True to pause, false to resume.</param>
    /// <param name="details">The reason and the end of a pause, as <see cref="ReadAsync"/> returns them.</param>
    /// <param name="action">The action in the record; null for a pause or its end.</param>
    /// <returns>The version that was written or deleted, null if nothing changed; and the problem, if any.</returns>
    public async Task<(long? Version, AdminResponse? Problem)> SetAsync(
        AdminCall call, string name, bool paused, PauseDetails? details = null, string? action = null)
    {
        var key = new ControlKey(ControlKinds.Pauses, name);
        for (var attempt = 1; ; attempt++)
        {
            // Another gateway may have changed it a moment ago. An operator who pauses something must not be told that
            // it is already paused if it is not.
            await control.RefreshAsync(CancellationToken.None);
            var old = control.State.Documents.Find(key);
            if (old is not null && !IsMeant(call, old.Version, paused))
                return (null, Another(name));
            if (old is not null == paused
                && details is null or { Reason: null, Until: null, Subject: null })
                return (null, null);
            var content = paused ? Content(call, details) : null;
            var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
                action ?? (paused ? "pause" : "resume"), key, old?.Version ?? 0, content, old?.Content.ToArray(),
                content)
            {
                Reason = details?.Reason,
            });
            if (problem?.Status != Problems.Changed.Status || attempt == AttemptsMax)
                return (problem is null ? version : null, problem);
        }
    }

    /// <summary>Returns false if the request is about another pause than the active one.</summary>
    /// <param name="call">The request.</param>
    /// <param name="version">The version of the document that contains the active pause.</param>
    /// <param name="paused">True to pause, false to resume.</param>
    public static bool IsMeant(AdminCall call, long version, bool paused) => paused
        ? call.Request.Headers.IfNoneMatch.Count == 0
        : call.Request.Headers.IfMatch is not { Count: > 0 } wanted || ETags.Match(wanted, version);

    /// <summary>Returns the problem that the active pause is not the one that the request is about.</summary>
    public AdminResponse Another(string name)
    {
        var pause = State.Pauses.Named(name);
        return Problems.Of(StatusCodes.Status412PreconditionFailed, "Paused again",
            $"Nothing was changed: {pause?.By ?? "another operator"} has paused this since then"
            + (pause?.Reason is { } reason ? $", with the reason \"{reason}\"." : "."));
    }

    private byte[] Content(AdminCall call, PauseDetails? details) => ControlJsonContext.Write(
        new PauseDocument
        {
            Since = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()),
            From = call.From,
            By = call.Caller.Name,
            Reason = details?.Reason,
            Until = details?.Until,
            Issuer = details?.Subject?.Issuer,
            Subject = details?.Subject?.Name,
            Server = details?.Tool?.Server,
            Tool = details?.Tool?.Name,
            Revoked = details?.Subject?.IsRevoked == true,
            Expires = details?.Subject?.ExpiresMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        },
        ControlJsonContext.Default.PauseDocument);
}
