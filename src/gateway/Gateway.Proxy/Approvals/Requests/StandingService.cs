using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>The service that creates, lists and revokes standing approvals.</summary>
public sealed class StandingService(
    StandingRepository book, DocumentCache documents, ApprovalRecord record, ProcessClock clock,
    ApprovalOptions options) : IExpiring
{
    /// <summary>The maximum number of standing approvals per grant.</summary>
    public const int PerGrantMax = 64;

    // Each attempt makes up to WriteAttempts.Max writes. A second attempt is needed if the approval ended in between.
    private const int RevokeAttemptsMax = 2;

    /// <summary>Returns every stored standing approval with its conditions, the oldest first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<IReadOnlyList<StandingApproval>> ListAsync(CancellationToken cancellationToken)
    {
        var snapshot = await documents.ReadAsync(cancellationToken);
        return [.. StandingRepository.All(snapshot).Select(entry => Opened(entry.Standing, snapshot))];
    }

    /// <summary>Returns a standing approval by its id, or null if it is not stored.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<StandingApproval?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var snapshot = await documents.ReadAsync(cancellationToken);
        return StandingRepository.Find(snapshot, id) is { } entry ? Opened(entry.Standing, snapshot) : null;
    }

    /// <summary>Revokes a standing approval: a call that is not counted yet does not proceed under it.</summary>
    /// <returns>The current standing approval, or null if it is not stored.</returns>
    /// <exception cref="ControlStoreException">
    /// The store cannot be reached; the approval may have been revoked.
    /// </exception>
    public async ValueTask<StandingApproval?> RevokeAsync(string id, Actor by)
    {
        for (var attempt = 0; attempt < RevokeAttemptsMax; attempt++)
        {
            if (await FindAsync(id, CancellationToken.None) is not { } standing)
                return null;
            var nowMs = clock.NowMs();
            if (standing.StateAt(nowMs) != StandingState.Active)
                return standing;
            var revoked = await book.ChangeAsync(id, now => now.StateAt(nowMs) == StandingState.Active
                ? now with { RevokedMs = nowMs, RevokedBy = by.Name }
                : null);
            if (revoked is null)
                continue;
            await record.StandingAsync(revoked, "revoked", by.Name, nowMs, by);
            return revoked;
        }

        throw WriteAttempts.Exceeded("The standing approval");
    }

    /// <inheritdoc/>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var nowMs = clock.NowMs();
        foreach (var entry in StandingRepository.All(await documents.ReadAsync(cancellationToken)))
        {
            if (entry.Standing.StateAt(nowMs) == StandingState.Active)
                continue;
            if (entry.Standing.EndedMs is not { } endedMs)
                await EndAsync(entry, nowMs, cancellationToken);
            else if (nowMs >= endedMs + options.History.TotalMilliseconds)
                await book.DeleteAsync(entry, cancellationToken);
        }
    }

    /// <summary>Returns true if the grant may have one more.</summary>
    internal bool HasRoom(ControlSnapshot snapshot, string grant)
    {
        var nowMs = clock.NowMs();
        return StandingRepository.All(snapshot).Count(entry => entry.Standing.Grant == grant
            && entry.Standing.StateAt(nowMs) == StandingState.Active) < PerGrantMax;
    }

    /// <summary>Returns the terms in the form that a request stores, with their conditions sealed.</summary>
    internal ValueTask<StandingTerms> SealedAsync(StandingTerms terms, CancellationToken cancellationToken) =>
        book.SealedAsync(terms, cancellationToken);

    /// <summary>Returns the terms with their conditions decrypted, or null if their key is lost.</summary>
    internal StandingTerms? Opened(StandingTerms terms, ControlSnapshot snapshot) => book.Opened(terms, snapshot);

    /// <summary>Creates the standing approval that the approvers of a request agreed on.</summary>
    internal async ValueTask MakeAsync(ApprovalEntry entry, IReadOnlyList<StandingMaker> makers, long nowMs)
    {
        var (approval, terms) = (entry.Approval, entry.Approval.Proposed!);
        var standing = new StandingApproval
        {
            Id = approval.StandingId!,
            ApprovalId = approval.Id,
            Grant = approval.Grant,
            GrantToken = approval.GrantToken!,
            Server = approval.Server,
            Tool = approval.Tool,
            Rule = approval.Rule,
            RuleSha256 = approval.RuleSha256!,
            ToolContract = approval.ToolContract,
            Terms = terms,
            Call = terms.SealedWhere is null ? entry.Name : null,
            Makers = makers,
            MadeMs = nowMs,
            ExpiresMs = nowMs + terms.ForMs,
        };
        if (await book.WriteAsync(0, standing, CancellationToken.None) is not null)
            await record.StandingAsync(
                standing, "standing", standing.MadeBy, nowMs, approval.AnsweredAs);
    }

    // With several frontends, the one whose write succeeds records the end; a revocation is already recorded.
    private async ValueTask EndAsync(StandingEntry entry, long nowMs, CancellationToken cancellationToken)
    {
        var ended = entry.Standing with
        {
            EndedMs = nowMs,
            Terms = entry.Standing.Terms with { SealedWhere = null },
        };
        if (await book.WriteAsync(entry.Version, ended, cancellationToken) is not null && ended.RevokedMs is null)
            await record.StandingAsync(ended, "ended", null, nowMs);
    }

    private StandingApproval Opened(StandingApproval standing, ControlSnapshot snapshot) =>
        book.Opened(standing.Terms, snapshot) is { } terms ? standing with { Terms = terms } : standing;
}

/// <summary>Options of approval requests.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record ApprovalOptions
{
    /// <summary>The time for which a used or denied request is still listed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan History { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The address at which people reach the console, without <c>/console</c>. If it is null, agents receive no link to
    /// a call that waits for a person.
    /// </summary>
    public Uri? ConsoleUrl { get; init; }
}
