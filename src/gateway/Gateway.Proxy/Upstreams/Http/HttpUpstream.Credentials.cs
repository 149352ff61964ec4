using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Http;

/// <content>The credential of each request: the gateway's, or that of the caller.</content>
public sealed partial class HttpUpstream
{
    private const string TokenRefused =
        "the access token that the gateway has for it. The next call requests a new one, so call again; "
        + "if that is refused too, the gateway's operator must check the server's \"oauth\".";

    private const string CallersTokenRefused =
        "the access token of the caller's own connection. The next call renews it, so call again; if that is refused "
        + "too, the caller must connect again, with the link that the next call returns.";

    private const string NothingRefused =
        "a request without a credential. The gateway's operator must set one, in the server's headers or as \"oauth\".";

    private const string AwsRefused =
        "the gateway's signature for AWS. The gateway's operator must check the server's \"aws\", and the clock.";

    private ValueTask<AccessToken?> TakeTokenAsync(
        Replica replica, UpstreamRequest request, CancellationToken cancellationToken) =>
        Options.CallerCredentials is not null ? TakeCallersAsync(request, cancellationToken)
            : replica.Tokens is { } tokens ? TakeGatewaysAsync(tokens, request, cancellationToken)
            : default;

    /// <summary>Returns the caller's own token. A request without a caller has none, and is not sent.</summary>
    private async ValueTask<AccessToken?> TakeCallersAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        if (request.Grant is not { } caller)
        {
            throw new UpstreamException(UpstreamFailure.NoCredential, request.WasWritten,
                "calls to it carry the credential of their caller's connection, and the gateway has none of its own. "
                    + "Connect as a caller, and list the server's tools with that client.",
                null);
        }

        try
        {
            return new AccessToken(
                await Options.CallerCredentials!(caller).GetAsync(cancellationToken), _time.GetTimestamp(), null);
        }
        catch (IOException e)
        {
            throw new UpstreamException(UpstreamFailure.NoCredential, request.WasWritten,
                $"the caller's own connection to it cannot be used: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static async ValueTask<AccessToken?> TakeGatewaysAsync(
        EndpointTokens tokens, UpstreamRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.Of(request.Grant, request.SubjectToken).GetAsync(cancellationToken);
        }
        catch (OAuthException e)
        {
            throw new UpstreamException(UpstreamFailure.NoCredential, request.WasWritten,
                $"the gateway has no access token for this server: {e.Message}. The operator must check its \"oauth\".",
                e);
        }
    }

    // Bytes were sent, and a 401 does not prove that the server ran nothing: the policy counts the call like any that
    // ends with an error.
    private async ValueTask SetRefusedAsync(
        UpstreamResponse answer, UpstreamRequest request, Replica replica, AccessToken? token)
    {
        var challenge = BearerChallenge.Read(answer.Header("WWW-Authenticate"));
        if (token is not null && Options.CallerCredentials is { } callers)
            await callers(request.Grant!).RefusedAsync(token.Value);
        else if (token is not null)
            replica.Tokens!.Of(request.Grant, request.SubjectToken).Refused(token, challenge);
        if (token is not null && challenge is not null)
            answer.RenewToken = cancellationToken => RenewAsync(replica, request, token, cancellationToken);
        answer.Refused = token is not null && Options.CallerCredentials is not null ? CallersTokenRefused
            : token is not null ? TokenRefused
            : Options.Aws is not null ? AwsRefused
            : Options.Headers.IsEmpty ? NothingRefused
            : "the gateway's credential for it. The gateway's operator must set the credential again; "
                + $"the server's headers are {string.Join(", ", Options.Headers.Select(static header => header.Key))}.";
        LogRefused(Options.ServerName, answer.Refused, Printable.Of(challenge?.Error ?? "no reason given"));
    }

    private void SetLackedScope(UpstreamResponse answer)
    {
        if (BearerChallenge.Read(answer.Header("WWW-Authenticate")) is not { IsScopeMissing: true } challenge)
            return;
        var scope = challenge.ReadableScope;
        var missing = scope.Length > 0 ? $"the scope \"{scope}\"" : "a scope that the server does not name";
        answer.LackedScope = Options.CallerCredentials is null ? null : scope;
        answer.Refused = Options.CallerCredentials is null
            ? $"the gateway's access token for it, which lacks {missing}. The gateway's operator must add it to the "
                + "server's \"oauth\".\"scope\"."
            : $"the access token of the caller's own connection, which lacks {missing}. The caller must disconnect, "
                + "and allow it when connecting again. If the server's \"oauth\" has a \"scope\", the gateway's "
                + "operator must add it there first.";
        LogScopeMissing(Options.ServerName, missing);
    }

    private async ValueTask<bool> RenewAsync(
        Replica replica, UpstreamRequest request, AccessToken refused, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeTokenAsync(replica, request, cancellationToken) is { } other
                && other.Value != refused.Value;
        }
        catch (Exception e) when (e is UpstreamException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Note(bool isTaken, string? why)
    {
        _metrics?.Taken(Options.ServerName, isTaken);
        if (!isTaken)
            LogNoToken(Options.ServerName, Options.OAuth!.ClientId, why!);
    }

    private UpstreamException Detached(UpstreamRequest request) => new(
        UpstreamFailure.NoCredential, request.WasWritten,
        $"its credential must be entered again: {string.Join(", ", Options.DetachedCredentials)}. An operator who may "
            + "not manage secrets changed the address that would receive it, so nothing was sent. Enter it with "
            + $"\"gateway server set {Options.ServerName}\".",
        null);

    [LoggerMessage(1, LogLevel.Warning, "{Server} refused {Credential} (401: {Error})")]
    private partial void LogRefused(string server, string credential, string error);

    [LoggerMessage(2, LogLevel.Warning, "{Server}: no access token for the client {Client}: {Why}")]
    private partial void LogNoToken(string server, string client, string why);

    [LoggerMessage(3, LogLevel.Warning, "{Server} refused an access token (403) that lacks {Scope}")]
    private partial void LogScopeMissing(string server, string scope);
}
