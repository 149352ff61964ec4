using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Policy.Json;

namespace Gateway.Admin.Servers;

/// <summary>
/// A factory that creates a server's document from a request and from the current document. A stored credential stays
/// with the receiver for which it was entered. A change of the receiver detaches it, unless the operator may manage
/// secrets; restoring the receiver attaches it again.
/// </summary>
internal sealed class ServerChange(SecretProtector secrets)
{
    /// <summary>
    /// The placeholder for a secret that stays while the rest is checked; it is never stored or sent.
    /// </summary>
    private const string Kept = ClientKey.Withheld;

    /// <summary>Returns the server that a document describes, with its credentials.</summary>
    public ServerModel? Read(string name, ServerDocument document) =>
        StoredServer.Read(name, document, secrets, out _);

    /// <summary>Returns the new document, or the problem with the request.</summary>
    /// <param name="call">The request; its caller may lack the right to manage secrets.</param>
    /// <param name="wanted">The requested server.</param>
    /// <param name="known">The current server; null if it does not exist or cannot be read.</param>
    /// <param name="stored">The document of the current server.</param>
    public async ValueTask<(ServerDocument? Document, AdminResponse? Problem)> MakeAsync(
        AdminCall call, ServerWanted wanted, ServerModel? known, ServerDocument? stored)
    {
        if (Check(call.Name, wanted, known, out var server) is { } invalid)
            return (null, invalid);
        var movesSecrets = call.May(Permissions.ManageSecrets, call.Name);
        var document = ServerSpec.Members.Copy(server.ToSpec(), new ServerDocument()) with { Url = server.Address };
        foreach (var name in wanted.KeptHeaders)
        {
            document.SealedHeaders[name] = Bound(
                stored!.SealedHeaders[name], CredentialReceiver.OfHeaders(known!),
                CredentialReceiver.OfHeaders(server), movesSecrets);
        }

        foreach (var (name, value) in wanted.Input.Headers ?? [])
            document.SealedHeaders[name] = await secrets.SealAsync(value, CancellationToken.None);
        if (server.OAuth is { } client)
        {
            var credential = client.IsPublic ? ""
                : (wanted.Input.OAuth?.PrivateKey ?? wanted.Input.OAuth?.ClientSecret) is { } entered
                ? await secrets.SealAsync(entered, CancellationToken.None)
                : Bound(
                    stored!.OAuth!.SealedKey ?? stored.OAuth.SealedSecret, CredentialReceiver.OfClientSecret(known!),
                    CredentialReceiver.OfClientSecret(server), movesSecrets);
            document.OAuth = ServerAccountSpec.Members.Copy(client.ToSpec(), new OAuthDocument
            {
                SealedSecret = client.Key is null ? credential : "",
                SealedKey = client.Key is null ? null : credential,
            });
        }

        return (document, null);
    }

    // A detached secret stays detached even if the caller may manage secrets: a change of another member does not
    // approve the receiver to which somebody moved the server.
    private static string Bound(string stored, string before, string after, bool movesSecrets) =>
        DetachedSecret.IsDetached(stored) ? DetachedSecret.Attach(stored, after)
        : before == after || movesSecrets ? stored
        : DetachedSecret.Detach(stored, before);

    private static AdminResponse? Check(string name, ServerWanted wanted, ServerModel? known, out ServerModel server)
    {
        var errors = new List<ProblemPlace>();
        var headers = wanted.KeptHeaders.ToDictionary(static header => header, static _ => Kept);
        foreach (var (header, value) in wanted.Input.Headers ?? [])
        {
            var pointer = $"/headers/{JsonPointer.Escape(header)}";
            if (value is null)
                Problem(pointer, "the value of a header must be a string; omit the header to remove it");
            else if (headers.Keys.FirstOrDefault(other => header.Equals(other, StringComparison.OrdinalIgnoreCase))
                is { } twin)
                Problem(pointer, $"{header} and {twin} are the same header; name it once");
            else
                headers[header] = value;
        }

        var written = ServerInput.Members.Copy(wanted.Input, new ServerFile()) with
        {
            Headers = headers,
            OAuth = Account(wanted.Input.OAuth, known),
        };
        // In a request, an empty text removes its member.
        foreach (var member in ServerInput.Members.Where(member => member.Get(written) is ""))
            member.Set(written, null);
        if (Uri.TryCreate(wanted.Input.Proxy?.Url, UriKind.Absolute, out var proxy) && proxy.UserInfo.Length > 0)
            Problem("/proxy/url",
                "a proxy with a password can be set only in the configuration file, or in the gateway's HTTPS_PROXY");
        server = new ServerReader(Problem, static (_, text) => text).Read(name, written)!;
        return errors.Count == 0 ? null : Problems.Invalid(errors[0].Message, errors);

        void Problem(string pointer, string message) => errors.Add(new ProblemPlace("error", pointer, message));
    }

    // An empty object removes the account. A client id without a secret or a key keeps it if the id is unchanged.
    private static ServerAccountInput? Account(ServerAccountInput? input, ServerModel? known)
    {
        if (input is null || input == new ServerAccountInput())
            return null;
        return (input.ClientSecret ?? input.PrivateKey) is null && input.ClientId is not null
            && known?.OAuth is { } account && input.ClientId == account.ClientId
            && (!account.IsPublic || known.IsClientSecretDetached)
            ? account.Key is null ? input with { ClientSecret = Kept } : input with { PrivateKey = Kept }
            : input;
    }
}
