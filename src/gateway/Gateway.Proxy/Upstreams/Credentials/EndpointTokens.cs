using System.Collections.Concurrent;
using Gateway.Control.Definitions;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams.Connections;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>The token of an issuer that identified the caller of a request: a feature of the request.</summary>
/// <param name="header">The header that contains it.</param>
/// <param name="from">The index at which it begins.</param>
public sealed class SubjectToken(string header, int from)
{
    /// <summary>Returns the token.</summary>
    internal string ToText() => header[from..].Trim(' ');
}

/// <summary>
/// The access tokens for one endpoint of a server: the account's own, and those that were exchanged for the tokens of
/// callers. A caller's are found by the hash of the caller's token, so a token with other claims gets its own.
/// </summary>
internal sealed class EndpointTokens : IDisposable
{
    private const int CallersMax = 10_000;
    private const long BytesMax = 32 * 1024 * 1024;
    private static readonly TimeSpan FoundFor = TimeSpan.FromMinutes(5);
    private readonly OAuthClientOptions _client;
    private readonly OAuthHttp _http;
    private readonly TokenDiscovery _discovery;
    private readonly TimeProvider _time;
    private readonly Action<bool, string?> _onAttempt;
    private readonly AccessTokens _own;
    private readonly ConcurrentDictionary<TokenHash, AccessTokens> _ofCallers = new();
    private readonly SemaphoreSlim _finding = new(1);
    private (TokenService Service, long At)? _found;
    private long _bytes;

    /// <param name="server">The server's endpoint.</param>
    /// <param name="client">The gateway's account.</param>
    /// <param name="time">The clock.</param>
    /// <param name="egress">Opens connections.</param>
    /// <param name="onAttempt">Receives the result of each attempt, with the reason of a failure.</param>
    public EndpointTokens(
        Uri server, OAuthClientOptions client, TimeProvider time, ServerEgress egress, Action<bool, string?> onAttempt)
    {
        (_client, _time, _onAttempt) = (client, time, onAttempt);
        _http = new OAuthHttp(server, client.Issuer is not null, egress, time);
        _discovery = new TokenDiscovery(server, client, _http);
        _own = new AccessTokens(_http, _discovery.FindAsync, client, null, time, onAttempt);
    }

    /// <summary>The reason why the last attempt for the account's own token failed; null if it succeeded.</summary>
    public string? LastError => _own.LastError;

    /// <summary>Returns the tokens for a request.</summary>
    /// <param name="grant">The grant of its caller; null for a request of the gateway.</param>
    /// <param name="subject">The caller's token of an issuer; null if there is none.</param>
    /// <exception cref="OAuthException">Its caller has no token that could be exchanged.</exception>
    public AccessTokens Of(GrantModel? grant, SubjectToken? subject)
    {
        // The catalogue and the health checks have no caller and use the account itself.
        if (_client.Exchange is null || grant is null)
            return _own;
        if (subject is null)
        {
            throw new OAuthException("the gateway exchanges the caller's token for one for the server, so the call "
                + "needs an access token of an issuer; it came with a token of the gateway");
        }

        var text = subject.ToText();
        var hash = TokenHash.Of(text);
        if (_ofCallers.TryGetValue(hash, out var known))
            return known;
        if (_ofCallers.Count >= CallersMax || Interlocked.Add(ref _bytes, text.Length) > BytesMax)
        {
            // Each caller's next call exchanges its token again.
            _ofCallers.Clear();
            Interlocked.Exchange(ref _bytes, text.Length);
        }

        return _ofCallers.GetOrAdd(
            hash, _ => new AccessTokens(_http, FindOnceAsync, _client, subject, _time, _onAttempt));
    }

    public void Dispose()
    {
        _http.Dispose();
        _finding.Dispose();
    }

    /// <summary>Finds the token endpoint for all callers, so that each new one does not request the metadata.</summary>
    private async Task<TokenService> FindOnceAsync(BearerChallenge? challenge, CancellationToken cancellationToken)
    {
        await _finding.WaitAsync(cancellationToken);
        try
        {
            if (challenge is null && _found is var (known, at) && _time.GetElapsedTime(at) < FoundFor)
                return known;
            var service = await _discovery.FindAsync(challenge, cancellationToken);
            // The scope of a challenge is for the caller that received it.
            if (challenge is null)
                _found = (service, _time.GetTimestamp());
            return service;
        }
        finally
        {
            _finding.Release();
        }
    }
}
