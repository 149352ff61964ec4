using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Servers;

/// <summary>
/// A reader of servers in the bodies of requests. It never accepts a program that the gateway would start.
/// </summary>
internal static class ServerBody
{
    private const string UrlMember = "url";
    private const string UrlsMember = "urls";
    private const string HeadersMember = "headers";
    private const string AccountMember = "oauth";
    private static readonly string[] SecretMembers = ["clientSecret", "privateKey"];
    private static readonly (string Member, string Refusal)[] OfFile =
        [("command", ServerFile.ProgramRefusal), ("tls", ServerFile.TlsRefusal), ("aws", ServerFile.AwsRefusal)];

    /// <summary>
    /// Reads a complete configuration. Without <c>headers</c> or <c>oauth</c>, the current ones stay.
    /// </summary>
    /// <remarks>A client that could register a program here could run any code as the gateway.</remarks>
    public static async Task<(ServerWanted? Wanted, AdminResponse? Problem)> ReplacementAsync(
        AdminCall call, ServerModel? known)
    {
        var (body, unread) = await call.ReadAsync();
        return body is null ? (null, unread) : Replacement(body, known);
    }

    /// <summary>Reads a complete configuration from a body.</summary>
    public static (ServerWanted? Wanted, AdminResponse? Problem) Replacement(byte[] body, ServerModel? known)
    {
        if (OfFile.FirstOrDefault(one => Has(body, one.Member)) is { Member: { } member, Refusal: var refusal })
            return (null, Problems.Invalid(refusal, [new ProblemPlace("error", $"/{member}", refusal)]));
        var (input, unreadable) = AdminCall.Parse(body, ServerJson.Default.ServerInput);
        if (input is null)
            return (null, unreadable);
        if (known is not null)
        {
            ServerSpec.Members.AddMissing(input, known.ToSpec() with { Url = null, Urls = null });
            input.OAuth ??= Account(known);
        }

        return (new ServerWanted(input, input.Headers is null ? [.. known?.HeaderNames ?? []] : []), null);
    }

    /// <summary>Reads a JSON merge patch of the current configuration. Values of headers are merged by name.</summary>
    public static async Task<(ServerWanted? Wanted, AdminResponse? Problem)> PatchedAsync(
        AdminCall call, ServerModel known)
    {
        var (patch, unread) = await call.ReadPatchAsync(ServerJson.Default.ServerInput);
        if (patch is null)
            return (null, unread);
        if (patch[AccountMember] is JsonObject account
            && account.FirstOrDefault(one => SecretMembers.Contains(one.Key) && one.Value is null).Key is { } removed)
        {
            const string detail = "Nothing was changed: an account must have a client secret or a private key. Send a "
                + "new secret or key, or send null as \"oauth\" to remove the account.";
            return (null, Problems.Of(400, "Not readable", detail, [new("error", $"/oauth/{removed}", detail)]));
        }

        // The current configuration never contains the values of headers, so they are merged separately below.
        var present = Configuration(known);
        // The members "url" and "urls" replace each other.
        if (patch.ContainsKey(UrlMember) != patch.ContainsKey(UrlsMember))
            present.Remove(patch.ContainsKey(UrlMember) ? UrlsMember : UrlMember);
        RemoveOfKey(patch[AccountMember] as JsonObject, present[AccountMember] as JsonObject);
        var (input, unreadable) = MergePatch.Read(present, patch, ServerJson.Default.ServerInput);
        if (input is null)
            return (null, unreadable);
        var named = patch[HeadersMember] as JsonObject ?? [];
        var removesAll = patch.ContainsKey(HeadersMember) && patch[HeadersMember] is null;
        return (new ServerWanted(input,
        [
            .. known.HeaderNames.Where(header => !removesAll
                && !named.Any(one => header.Equals(one.Key, StringComparison.OrdinalIgnoreCase))),
        ]), null);
    }

    // What describes the present key does not describe a credential that replaces it.
    private static void RemoveOfKey(JsonObject? entered, JsonObject? present)
    {
        if (entered is null || present is null || !SecretMembers.Any(entered.ContainsKey))
            return;
        present.Remove("keyId");
        present.Remove("algorithm");
        if (entered.ContainsKey(SecretMembers[0]))
            present.Remove("assertionAudience");
    }

    private static JsonObject Configuration(ServerModel known) => JsonSerializer.SerializeToNode(
        ServerSpec.Members.Copy(known.ToSpec(), new ServerInput { OAuth = Account(known) }),
        ServerJson.Default.ServerInput)!.AsObject();

    /// <summary>Returns the account without its secret or key, which means that the current one stays.</summary>
    private static ServerAccountInput? Account(ServerModel known) => known.OAuth is not { } account ? null
        : ServerAccountSpec.Members.Copy(account.ToSpec(), new ServerAccountInput());

    private static bool Has(byte[] body, string member)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(member, out _);
        }
        catch (JsonException)
        {
            return false; // The next reader of the body reports the problem.
        }
    }
}

/// <summary>The server that the body of a request describes.</summary>
/// <param name="Input">The configuration, with the header values that were entered.</param>
/// <param name="KeptHeaders">The names of the headers whose current values stay.</param>
internal sealed record ServerWanted(ServerInput Input, IReadOnlyList<string> KeptHeaders);
