using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Clients that registered, that the configuration file registers, or whose id is the address of their own metadata
/// document.
/// </summary>
internal sealed class ClientStore(
    OAuthStore store, FetchedDocuments documents, SnapshotHolder snapshots, OAuthServerOptions options)
{
    private const string Kind = ControlKinds.OAuthClients;
    private const int IdLengthMax = 2048;

    /// <summary>Returns null if no client has this id.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<OAuthClient?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length > IdLengthMax)
            return null;
        if (Configured(id) is { } configured)
            return Of(configured);
        var stored = await store.FindAsync(
            Kind, OAuthStore.NameOf(id), OAuthJson.Default.ClientDocument, cancellationToken);
        var known = stored is not null && stored.Value.ClientId == id ? stored : null;
        return id.StartsWith("https://", StringComparison.Ordinal)
            ? await OwnAsync(id, known, cancellationToken)
            : known is not null ? new OAuthClient(known.Value, known.Version) : null;
    }

    /// <summary>
    /// Returns true if a client of this id has registered, was allowed by an operator, or is in the configuration file.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> IsStoredAsync(string id, CancellationToken cancellationToken) =>
        Configured(id) is not null || (id.Length <= IdLengthMax
            && await store.FindAsync(
                Kind, OAuthStore.NameOf(id), OAuthJson.Default.ClientDocument, cancellationToken) is { } stored
            && stored.Value.ClientId == id);

    private OAuthClientSettings? Configured(string id) => snapshots.Current.OAuth?.Clients.GetValueOrDefault(id);

    private static OAuthClient Of(OAuthClientSettings client) => new(
        new ClientDocument
        {
            ClientId = client.Id,
            Name = client.Id,
            RedirectUris = [],
            Methods = client.Keys is null ? ["client_secret_basic", "client_secret_post"] : ["private_key_jwt"],
            SecretHash = client.SecretHash?.ToString(),
            Keys = client.Keys,
        },
        Version: 0);

    /// <summary>
    /// Finds a client by its own document; if that is unavailable, by the last good one, or a built-in copy.
    /// </summary>
    private async ValueTask<OAuthClient?> OwnAsync(
        string id, Stored<ClientDocument>? known, CancellationToken cancellationToken)
    {
        if (snapshots.Current.OAuth is not { } settings || !DocumentFetcher.IsAddress(id))
            return null;
        var version = known?.Version ?? 0;
        if (await documents.GetAsync(id, cancellationToken) is { } json)
        {
            // If the document exists but is not valid for this client, the client no longer exists.
            return ClientMetadata.Read(id, json, settings, store.Now) is { } read
                ? new OAuthClient(read with { Allowed = known?.Value.Allowed }, version)
                : null;
        }

        return (known?.Value ?? ClientMetadata.Copy(id)) is { } copy ? new OAuthClient(copy, version) : null;
    }

    /// <summary>Adds a client; at the bound, evicts the oldest one that never completed an authorization.</summary>
    /// <returns>False when every registered client is in use.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<bool> AddAsync(ClientDocument client, CancellationToken cancellationToken)
    {
        var all = await store.AllAsync(Kind, OAuthJson.Default.ClientDocument, cancellationToken);
        var excess = all.Count - options.ClientsMax + 1;
        if (excess > 0)
        {
            var pending = await PendingAsync(cancellationToken);
            var unused = all.Where(one => one.Value.Allowed is null && !pending.Contains(one.Value.ClientId))
                .OrderBy(static one => one.Value.Created).Take(excess).ToList();
            if (unused.Count < excess)
                return false;
            // A client that another frontend changes or evicts at this moment is left to that frontend.
            foreach (var one in unused)
                await store.DeleteAsync(Kind, one.Name, one.Version);
        }

        return await store.WriteAsync(
            Kind, OAuthStore.NameOf(client.ClientId), 0, client, OAuthJson.Default.ClientDocument);
    }

    /// <summary>Returns the clients for which an operator has a consent page open.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<HashSet<string>> PendingAsync(CancellationToken cancellationToken) =>
    [
        .. (await store.AllAsync(ControlKinds.OAuthRequests, OAuthJson.Default.RequestDocument, cancellationToken))
            .Where(one => store.Now < one.Value.Created + ConsentRequests.LifeMax)
            .Select(static one => one.Value.ClientId),
    ];

    /// <summary>Records that an operator allowed the client, with its metadata at that time.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task AllowedAsync(OAuthClient client)
    {
        var (name, allowed) = (OAuthStore.NameOf(client.Id), client.Document with { Allowed = store.Now });
        // A failed write means that another consent has stored the same, or that the client was evicted while its
        // consent page was open. The second write restores it in the latter case and fails in the former.
        if (!await store.WriteAsync(Kind, name, client.Version, allowed, OAuthJson.Default.ClientDocument))
            await store.WriteAsync(Kind, name, 0, allowed, OAuthJson.Default.ClientDocument);
    }
}
