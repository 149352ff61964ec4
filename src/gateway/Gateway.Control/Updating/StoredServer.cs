using System.Collections.Immutable;
using Gateway.Control.Definitions;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;

namespace Gateway.Control.Updating;

/// <summary>Turns the stored document of a server into the server, with the credentials that may be sent.</summary>
public static class StoredServer
{
    /// <summary>Returns null where it cannot be read, and why.</summary>
    public static ServerModel? Read(
        string name, ServerDocument document, SecretProtector secrets, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(secrets);
        problem = null;
        if (!Uri.TryCreate(document.Url, UriKind.Absolute, out var url))
        {
            problem = "its URL cannot be read";
            return null;
        }

        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var (header, stored) in document.SealedHeaders)
        {
            if (DetachedSecret.IsDetached(stored))
                continue;
            if (!secrets.TryOpen(stored, out var value))
            {
                problem = $"its header {header} cannot be decrypted; set the server anew";
                return null;
            }

            headers.Add(new(header, value));
        }

        var model = new ServerModel(name, url, headers.ToImmutable())
        {
            Host = document.Host,
            OAuthPolicy = document.OAuthPolicy,
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

        problem = "its client secret cannot be decrypted; set the server anew";
        return null;
    }
}
