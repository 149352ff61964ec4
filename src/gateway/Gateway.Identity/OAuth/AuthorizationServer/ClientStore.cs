using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Identity.OAuth.Documents;

namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>Clients: those that registered, and those whose id is the address of a document of their own.</summary>
internal sealed class ClientStore(OAuthStore store, GatewayOptions options)
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
        return stored is not null && stored.Value.ClientId == id ? new OAuthClient(stored.Value, stored.Version) : null;
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
