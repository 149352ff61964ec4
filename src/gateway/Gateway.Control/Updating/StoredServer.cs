using System.Collections.Immutable;
using Gateway.Control.Definitions;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Network;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;

namespace Gateway.Control.Updating;

/// <summary>Converts the stored document of a server into the server, with the credentials that may be sent.</summary>
public static class StoredServer
{
    /// <summary>Returns the server; null with the reason if the document cannot be read.</summary>
    public static ServerModel? Read(
        string name, ServerDocument document, SecretProtector secrets, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(secrets);
        problem = null;
        var replicas = new List<Uri>();
        foreach (var text in document.Urls ?? [document.Url])
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var one))
                replicas.Add(one);
        }

        Uri? proxy = null;
        if (replicas.Count != (document.Urls?.Count ?? 1) || replicas.Count == 0)
            problem = "its URL cannot be read";
        else if (document.Proxy?.Url is { } address && !OutboundProxy.TryRead(address, out proxy))
            problem = "the address of its proxy cannot be read";
        else if (document.Transport is not null && ServerTransports.Of(document.Transport) is null)
            problem = "its transport is unknown to this release";
        if (problem is not null)
            return null;

        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var (header, stored) in document.SealedHeaders)
        {
            if (DetachedSecret.IsDetached(stored))
                continue;
            if (!secrets.TryOpen(stored, out var value))
            {
                problem = $"its header {header} cannot be decrypted; enter it again";
                return null;
            }

            headers.Add(new(header, value));
        }

        var model = new ServerModel(name, replicas[0], headers.ToImmutable())
        {
            Replicas = replicas.Count > 1 ? [.. replicas] : [],
            Transport = ServerTransports.Of(document.Transport),
            Proxy = document.Proxy is { } chosen ? new OutboundProxy(proxy, chosen.Resolves) : null,
            Host = document.Host,
            OAuthPolicy = document.OAuthPolicy,
            Timeouts = document.Timeouts is { } timeouts
                ? ServerTimeouts.FromSeconds(timeouts.CallSeconds, timeouts.MaxSeconds, timeouts.Tools)
                : null,
            DetachedHeaders =
            [
                .. document.SealedHeaders.Where(static one => DetachedSecret.IsDetached(one.Value))
                    .Select(static one => one.Key),
            ],
        };
        if (document.OAuth is not { } oauth)
            return model;
        var isDetached = DetachedSecret.IsDetached(oauth.SealedSecret);
        var secret = "";
        if (isDetached || secrets.TryOpen(oauth.SealedSecret, out secret))
        {
            return model with
            {
                OAuth = new OAuthClientOptions(oauth.ClientId, secret, oauth.Scope, oauth.Issuer),
                IsClientSecretDetached = isDetached,
            };
        }

        problem = "its client secret cannot be decrypted; enter it again";
        return null;
    }
}
