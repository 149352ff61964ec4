using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;

namespace Gateway.Admin.Identity.Providers;

/// <summary>
/// The subjects that operators are as callers: each sign-in at a provider that is also an issuer of callers' tokens
/// stores them, for rules that let no caller approve its own calls.
/// </summary>
internal sealed class OperatorSubjects(SnapshotUpdater control, IControlStore store)
{
    /// <summary>Stores the subject of a person who has signed in, or deletes one that is no longer known.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task UpdateAsync(
        OperatorAccount account, ProviderSettings provider, ProviderEndpoints endpoints, ProviderClaims claims)
    {
        var key = new ControlKey(ControlKinds.OperatorSubjects, account.Name);
        var old = control.State.Documents.Find(key);
        var content = SubjectOf(provider, endpoints, claims) is { } subject
            ? ControlJsonContext.Write(
                new OperatorSubjectDocument { OperatorId = account.Id, Subject = subject },
                ControlJsonContext.Default.OperatorSubjectDocument)
            : null;
        // If another gateway writes at the same time, it writes the same.
        if (content is null && old is not null)
            await store.DeleteAsync(key, old.Version, CancellationToken.None);
        else if (content is not null && old?.Content.Span.SequenceEqual(content) != true)
            await store.WriteAsync(key, old?.Version ?? 0, content, CancellationToken.None);
    }

    // The "sub" of a pairwise provider is another one for each client, so different subjects may be one person.
    private CallerSubject? SubjectOf(ProviderSettings provider, ProviderEndpoints endpoints, ProviderClaims claims) =>
        control.State.Config.Callers.Find(provider.Issuer) is { } issuer
        && !(endpoints.IsPairwise && issuer.Subject.Contains("sub"))
            ? claims.CallerOf(issuer)
            : null;
}
