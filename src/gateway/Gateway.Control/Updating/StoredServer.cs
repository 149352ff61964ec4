using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;

namespace Gateway.Control.Updating;

/// <summary>Converts the stored document of a server into the server, with the credentials that may be sent.</summary>
public static class StoredServer
{
    // Stands for a credential that is detached while the rest is read; it is never sent.
    private const string Detached = ClientKey.Withheld;

    /// <summary>Returns the server; null with the reason if the document cannot be read.</summary>
    public static ServerModel? Read(
        string name, ServerDocument document, SecretProtector secrets, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(secrets);
        var headers = new Dictionary<string, string>();
        foreach (var (header, stored) in document.SealedHeaders)
        {
            if (DetachedSecret.IsDetached(stored))
                continue;
            if (!secrets.TryOpen(stored, out var value))
            {
                problem = $"its header {header} cannot be decrypted; enter the header's value again";
                return null;
            }

            headers[header] = value;
        }

        string? secret = Detached;
        var credential = document.OAuth?.SealedKey ?? document.OAuth?.SealedSecret ?? "";
        var isDetached = DetachedSecret.IsDetached(credential);
        if (credential.Length > 0 && !isDetached && !secrets.TryOpen(credential, out secret))
        {
            problem = "its client secret cannot be decrypted; enter the secret again";
            return null;
        }

        string? wrong = null;
        var server = new ServerReader(
            (pointer, message) => wrong ??= pointer.Length > 0 ? $"{message} at {pointer}" : message,
            static (_, text) => text).Read(name, ServerSpec.Members.Copy(document, new ServerFile()) with
            {
                Url = document.Urls is null ? document.Url : null,
                Headers = headers,
                OAuth = document.OAuth is not { } oauth ? null
                    : ServerAccountSpec.Members.Copy(oauth, new ServerAccountInput
                    {
                        ClientSecret = oauth.SealedSecret.Length == 0 ? null : secret,
                        PrivateKey = oauth.SealedKey is null ? null : secret,
                    }),
            });
        problem = wrong;
        return server is null || wrong is not null ? null : server with
        {
            OAuth = isDetached ? server.OAuth! with { ClientSecret = "" } : server.OAuth,
            IsClientSecretDetached = isDetached,
            DetachedHeaders =
            [
                .. document.SealedHeaders.Where(static one => DetachedSecret.IsDetached(one.Value))
                    .Select(static one => one.Key),
            ],
        };
    }
}
