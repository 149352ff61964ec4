using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Control.Snapshots;
using Gateway.Identity.OAuth.Documents;

namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>Clients: those that registered, and those whose id is the address of a document of their own.</summary>
internal sealed class ClientStore(
    OAuthStore store, FetchedDocuments documents, SnapshotHolder snapshots, GatewayOptions options)
{
    private const string Kind = ControlKinds.OAuthClients;
    private const int IdLengthMax = 2048;

    /// <summary>Null where there is none of this id.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<OAuthClient?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length > IdLengthMax)
            return null;
        var stored = await store.FindAsync(
            Kind, OAuthStore.NameOf(id), OAuthJson.Default.ClientDocument, cancellationToken);
        var known = stored is not null && stored.Value.ClientId == id ? stored : null;
        return id.StartsWith("https://", StringComparison.Ordinal)
            ? await OwnAsync(id, known, cancellationToken)
            : known is not null ? new OAuthClient(known.Value, known.Version) : null;
    }

    /// <summary>A client by its own document; where that cannot be had, by the last good one, or a copy.</summary>
    private async ValueTask<OAuthClient?> OwnAsync(
        string id, Stored<ClientDocument>? known, CancellationToken cancellationToken)
    {
        if (snapshots.Current.OAuth is not { } settings || !DocumentFetcher.IsAddress(id))
            return null;
        var version = known?.Version ?? 0;
        if (await documents.GetAsync(id, cancellationToken) is { } json)
        {
            // A document that is there and is not this client's any more is no client, whatever it was before.
            return ClientMetadata.Read(id, json, settings, options.OAuth.RedirectUrisMax, store.Now) is { } read
                ? new OAuthClient(read with { Allowed = known?.Value.Allowed }, version)
                : null;
        }

        return (known?.Value ?? ClientMetadata.Copy(id)) is { } copy ? new OAuthClient(copy, version) : null;
    }

    /// <summary>False where there are too many already, and each may be in use.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<bool> AddAsync(ClientDocument client, CancellationToken cancellationToken)
    {
        var all = await store.AllAsync(Kind, OAuthJson.Default.ClientDocument, cancellationToken);
        return all.Count < options.OAuth.ClientsMax
            && await store.WriteAsync(
                Kind, OAuthStore.NameOf(client.ClientId), 0, client, OAuthJson.Default.ClientDocument);
    }

    /// <summary>Notes that an operator allowed it, and what it said of itself then.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task AllowedAsync(OAuthClient client)
    {
        // Where another was quicker, that has noted the same.
        await store.WriteAsync(
            Kind, OAuthStore.NameOf(client.Id), client.Version, client.Document with { Allowed = store.Now },
            OAuthJson.Default.ClientDocument);
    }
}
