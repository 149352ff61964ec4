using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Pending consent requests, each in the store, bound to a session, and completed once.</summary>
internal sealed class ConsentRequests(OAuthStore store)
{
    /// <summary>The number of servers that the page offers if a client requests several as one.</summary>
    public const int ServersMax = 100;

    // A further request evicts the oldest.
    private const int PerSessionMax = 20;

    /// <summary>The lifetime of a request.</summary>
    public static readonly TimeSpan LifeMax = TimeSpan.FromMinutes(10);

    private const string Kind = ControlKinds.OAuthRequests;

    /// <summary>Stores a request.</summary>
    /// <returns>The id that the form sends back; only its hash is stored.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<string> AddAsync(
        AuthorizeQuestion question, string? resource, OperatorSession session, CancellationToken cancellationToken)
    {
        var theirs = (await store.AllAsync(Kind, OAuthJson.Default.RequestDocument, cancellationToken))
            .Where(one => one.Value.Session == session.Id)
            .OrderByDescending(static one => one.Value.Created).Skip(PerSessionMax - 1);
        foreach (var old in theirs)
            await store.DeleteAsync(Kind, old.Name, old.Version);
        var id = OAuthSecrets.Code();
        await store.WriteAsync(
            Kind, OAuthStore.NameOf(id), 0,
            new RequestDocument
            {
                ClientId = question.Client.Id,
                RedirectUri = question.RedirectUri,
                Challenge = question.Challenge,
                Scope = question.Scope,
                State = question.State,
                Server = resource,
                Session = session.Id,
                Created = store.Now,
            },
            OAuthJson.Default.RequestDocument);
        return id;
    }

    /// <summary>Returns this session's request; null if it has ended or belongs to another session.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<Stored<RequestDocument>?> FindAsync(
        string id, OperatorSession session, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(
            Kind, OAuthStore.NameOf(id), OAuthJson.Default.RequestDocument, cancellationToken);
        return found is not null && found.Value.Session == session.Id
            && store.IsWithin(found.Value.Created, LifeMax)
                ? found
                : null;
    }

    /// <summary>Ends a request. Returns true for the first caller only.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask<bool> TryEndAsync(Stored<RequestDocument> request) =>
        store.DeleteAsync(Kind, request.Name, request.Version);
}
