using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Proxy.Delegation;

/// <summary>A request to connect: first a link for the caller's person, then the sign-in of this person.</summary>
public sealed record ConnectionRequest
{
    /// <summary>The name of the document, so that a seal is not valid in another one.</summary>
    public string Name { get; init; } = "";

    /// <summary>The server's first name.</summary>
    public required string Server { get; init; }

    /// <summary>The caller.</summary>
    public required ConnectionOwner Owner { get; init; }

    /// <summary>
    /// The scope to request, if a server required more than the connection has; null for that of a first connection.
    /// </summary>
    public string? Scope { get; init; }

    /// <summary>The sign-in; null for a link.</summary>
    public ConnectionSignIn? SignIn { get; init; }
}

/// <summary>A sign-in at a server's authorization server that a person began in one browser.</summary>
public sealed record ConnectionSignIn
{
    /// <summary>The browser's session.</summary>
    public required string Browser { get; init; }

    /// <summary>The person, for the record.</summary>
    public required string Person { get; init; }

    /// <summary>The PKCE verifier (RFC 7636).</summary>
    public required string Verifier { get; init; }

    /// <summary>The redirect URI of the request.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>The authorization server that the person approved.</summary>
    public required string AuthorizationServer { get; init; }

    /// <summary>True if its responses always name it (RFC 9207).</summary>
    public bool NamesIssuer { get; init; }

    /// <summary>The endpoint that exchanges the code.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>True if the client's secret is sent in the header there.</summary>
    public bool IsBasic { get; init; }

    /// <summary>The gateway's own client; null for the one that the operator registered.</summary>
    public ConnectionClient? Client { get; init; }

    /// <summary>The endpoint that revokes tokens (RFC 7009); null for none.</summary>
    public Uri? RevocationEndpoint { get; init; }

    /// <summary>The resource (RFC 8707).</summary>
    public required string Resource { get; init; }

    /// <summary>The requested scope.</summary>
    public string? Scope { get; init; }

    /// <summary>The receiver of the tokens, see <c>CredentialReceiver.OfConnection</c>.</summary>
    public required string Target { get; init; }
}

/// <summary>A stored request.</summary>
/// <param name="ExpiresMs">The time of its expiry, in Unix milliseconds.</param>
/// <param name="Sealed">The sealed <see cref="ConnectionRequest"/>.</param>
internal sealed record ConnectionRequestDocument(long ExpiresMs, string Sealed);

/// <summary>A request with its version.</summary>
/// <param name="Request">The request.</param>
/// <param name="Version">The version of its document.</param>
public sealed record StoredRequest(ConnectionRequest Request, long Version);

/// <summary>
/// Requests to connect in the control store. Only a hash of each id is stored, and each request ends once. An id gives
/// no authority: the person behind it must still prove to be the caller.
/// </summary>
public sealed class ConnectionRequests(
    IControlStore store, DocumentCache documents, SecretProtector secrets, ProcessClock clock) : IExpiring, IDisposable
{
    private const string Kind = ControlKinds.ConnectionRequests;
    private const int IdBytes = 32;
    private const int LinksMax = 4096;
    private const int ScopesMax = 8;
    private static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(10);

    // The calls of one caller share a link while it is valid, so that they do not fill the store.
    private readonly ConcurrentDictionary<(string Caller, string? Scope), (string Id, long ExpiresMs)> _links = new();
    private readonly SemaphoreSlim _scoped = new(1);

    /// <summary>Returns the id of a link for a caller, which stays valid for a while.</summary>
    /// <param name="server">The server's first name.</param>
    /// <param name="owner">The caller.</param>
    /// <param name="scope">See <see cref="ConnectionRequest.Scope"/>.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <returns>The id; null if there are too many links for scopes, which a server may invent.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<string?> LinkAsync(
        string server, ConnectionOwner owner, string? scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var caller = owner.NameAt(server);
        var purpose = (caller, scope);
        var nowMs = clock.NowMs();
        var least = nowMs + (long)ValidFor.TotalMilliseconds / 2;
        if (_links.TryGetValue(purpose, out var known) && known.ExpiresMs > least
            && (await documents.ReadAsync(cancellationToken)).Find(KeyOf(known.Id)) is not null)
        {
            return known.Id;
        }

        // Links that have expired do not count toward the bounds.
        foreach (var (key, link) in _links)
        {
            if (link.ExpiresMs <= nowMs)
                _links.TryRemove(key, out _);
        }

        if (scope is null)
            return await AddLinkAsync();
        // One at a time, so that the bound is exact here.
        await _scoped.WaitAsync(cancellationToken);
        try
        {
            var isFull = _links.Count >= LinksMax
                || _links.Count(one => one.Key.Caller == caller && one.Key.Scope is not null) >= ScopesMax;
            return isFull ? null : await AddLinkAsync();
        }
        finally
        {
            _scoped.Release();
        }

        async ValueTask<string> AddLinkAsync()
        {
            var (id, expiresMs) = await AddAsync(
                new ConnectionRequest { Server = server, Owner = owner, Scope = scope });
            if (_links.Count < LinksMax)
                _links[purpose] = (id, expiresMs);
            return id;
        }
    }

    /// <summary>Stores a request.</summary>
    /// <returns>The id, and the time of its expiry in Unix milliseconds.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<(string Id, long ExpiresMs)> AddAsync(ConnectionRequest request)
    {
        var id = NewSecret();
        var key = KeyOf(id);
        var expiresMs = clock.NowMs() + (long)ValidFor.TotalMilliseconds;
        var text = JsonSerializer.Serialize(
            request with { Name = key.Name }, ConnectionJson.Default.ConnectionRequest);
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new ConnectionRequestDocument(expiresMs, await secrets.SealAsync(text, CancellationToken.None)),
            ConnectionJson.Default.ConnectionRequestDocument);
        await store.WriteAsync(key, 0, content, CancellationToken.None);
        return (id, expiresMs);
    }

    /// <summary>Returns the request with this id; null if there is none, or if it has ended.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<StoredRequest?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var snapshot = await documents.ReadAsync(cancellationToken);
        if (snapshot.Find(KeyOf(id)) is not { } document || Read(document) is not { } stored
            || clock.NowMs() >= stored.ExpiresMs)
        {
            return null;
        }

        if (!secrets.TryOpen(stored.Sealed, snapshot, out var text))
            return null;

        try
        {
            return JsonSerializer.Deserialize(text, ConnectionJson.Default.ConnectionRequest) is { } request
                && request.Name == document.Key.Name ? new StoredRequest(request, document.Version) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Ends a request; returns true for the first caller only.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> TryEndAsync(StoredRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (await store.DeleteAsync(
            new ControlKey(Kind, request.Request.Name), request.Version, CancellationToken.None)).IsWritten;
    }

    /// <inheritdoc/>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var nowMs = clock.NowMs();
        foreach (var document in (await documents.ReadAsync(cancellationToken)).OfKind(Kind))
        {
            if (Read(document) is not { } stored || nowMs >= stored.ExpiresMs)
                await store.DeleteAsync(document.Key, document.Version, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _scoped.Dispose();

    /// <summary>Returns 256 random bits as text.</summary>
    internal static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    private static ControlKey KeyOf(string id) =>
        new(Kind, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))));

    private static ConnectionRequestDocument? Read(ControlDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(
                document.Content.Span, ConnectionJson.Default.ConnectionRequestDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
