using System.Collections.Immutable;
using Gateway.Control.Snapshots;
using Gateway.Control.Virtual;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>Checks a grant as written and hashes its token.</summary>
internal sealed class GrantReader(
    GatewayConfig config,
    Action<string, string> problem,
    Func<string, string, string?> expand)
{
    private const int TokenLengthMin = 16;
    private const int TokenLengthMax = 512;

    /// <summary>What a token, or the admin key, must be.</summary>
    public static readonly string TokenRule = $"{TokenLengthMin} to {TokenLengthMax} visible ASCII characters";

    public static bool IsToken(string token) =>
        token.Length is >= TokenLengthMin and <= TokenLengthMax && !token.AsSpan().ContainsAnyExceptInRange('!', '~');

    public GrantDefinition? Read(string name, GrantConfig grant)
    {
        var place = JsonPointer.Of(["grants", name]);
        if (!EntityName.IsValid(name))
            problem(place, $"\"{name}\" is no name for a grant; {EntityName.Rule}");
        var servers = Servers(place, grant);
        var (expiresMs, length) = Expires(place, grant);
        if (!WrittenToolsAs.TryRead(grant.ToolsAs, out var toolsAs))
        {
            problem($"{place}/tools_as",
                $"\"{Spelling.Shorten(grant.ToolsAs!)}\" is no way to list tools; write {WrittenToolsAs.Rule}");
        }

        var virtualTools = new VirtualToolsReader(name, (at, message) => problem($"{place}/virtual_tools{at}", message))
            .Read(grant.VirtualTools is { } written ? JsonTreeWriter.Write(written) : null, [.. servers.Keys]);
        return Token(place, grant) is { } token
            ? new GrantDefinition(name, token, servers, expiresMs)
            {
                Length = length,
                ToolsAs = toolsAs,
                VirtualTools = virtualTools,
            }
            : null;
    }

    private (long? ExpiresMs, TimeSpan? Length) Expires(string place, GrantConfig grant)
    {
        if (grant.Expires is not { } written)
            return (null, null);
        // Until it is known when the length began, the grant is refused.
        if (WrittenTime.TryLength(written, out var length))
            return (0, length);
        if (WrittenTime.TryInstant(written, out var instant))
            return (instant.ToUnixTimeMilliseconds(), null);
        problem($"{place}/expires", $"\"{Spelling.Shorten(written)}\" is not a time: write {WrittenTime.Rule}");
        return (0, null);
    }

    private ImmutableSortedDictionary<string, string?> Servers(string place, GrantConfig grant)
    {
        if (grant.Server is null == grant.Servers is null)
            problem(place,
                "a grant needs either \"server\" (with \"policy\") or \"servers\" (server name to policy name)");
        if (grant.Servers is not null && grant.Policy is not null)
            problem($"{place}/policy", "\"policy\" goes with \"server\"; under \"servers\" each server names its own");

        Dictionary<string, string?> written = grant.Servers
            ?? (grant.Server is null ? [] : new() { [grant.Server] = grant.Policy });
        foreach (var (server, policy) in written)
        {
            var (atServer, atPolicy) = grant.Servers is null
                ? ($"{place}/server", $"{place}/policy")
                : ($"{place}/servers/{JsonPointer.Escape(server)}", $"{place}/servers/{JsonPointer.Escape(server)}");
            if (!config.Servers.ContainsKey(server))
                Missing(atServer, "server", server, config.Servers.Keys);
            if (policy is not null && !config.Policies.ContainsKey(policy))
                Missing(atPolicy, "policy", policy, config.Policies.Keys);
        }

        return written.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private void Missing(string place, string kind, string name, IEnumerable<string> known) => problem(
        place,
        $"there is no {kind} \"{Spelling.Shorten(name)}\"{Spelling.Suggest(name, known)}; "
            + $"correct the name, or add it under \"{(kind == "policy" ? "policies" : "servers")}\"");

    private TokenHash? Token(string place, GrantConfig grant)
    {
        if (grant.Token is null == grant.TokenHash is null)
        {
            problem(place, "a grant needs either \"token\" or \"tokenHash\"");
            return null;
        }

        if (grant.TokenHash is not null)
        {
            if (expand($"{place}/tokenHash", grant.TokenHash) is not { } text)
                return null;
            if (TokenHash.TryParse(text, out var hash))
                return hash;
            problem($"{place}/tokenHash", "a token hash is \"sha256:\" and 64 hexadecimal digits");
            return null;
        }

        if (expand($"{place}/token", grant.Token!) is not { } token)
            return null;
        if (IsToken(token))
            return TokenHash.Of(token);
        problem($"{place}/token", $"a token has {TokenRule}");
        return null;
    }
}
