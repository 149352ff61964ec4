using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader that checks the OpenID Connect providers that operators sign in with.</summary>
/// <param name="problem">Receives a JSON Pointer, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
internal sealed class ProviderReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private const string Place = "/admin/providers";
    private const int TextLengthMax = 4096;
    private const int ClaimLengthMax = 256;
    private const int DisplayNameLengthMax = 64;
    private const int ScopesMax = 16;
    private const int MappingsMax = 256;
    private static readonly ImmutableArray<string> UsualScopes = ["profile", "email"];

    /// <summary>Reads the <c>providers</c> member.</summary>
    public static Dictionary<string, ProviderConfig> Members(MemberReader admin) =>
        admin.Named(admin.Given("providers"), "providers", (node, pointer) =>
        {
            if (MemberReader.Open(node, pointer, "a provider", admin.Context) is not { } members)
                return null;
            var provider = new ProviderConfig
            {
                Issuer = members.GivenText("issuer"),
                ClientId = members.GivenText("clientId"),
                ClientSecret = members.GivenText("clientSecret"),
                DisplayName = members.GivenText("displayName"),
                Scopes = members.Given("scopes") is { } scopes ? members.Texts(scopes, "scopes") : null,
                NameClaim = members.GivenText("nameClaim"),
                RoleClaim = members.GivenText("roleClaim"),
                Roles = Mappings(members),
            };
            members.RefuseOthers();
            return provider;
        });

    /// <summary>Returns the providers without a problem.</summary>
    public ImmutableArray<ProviderSettings> Read(Dictionary<string, ProviderConfig>? config)
    {
        if (config is null)
            return [];
        if (config.Count > ProviderSettings.Max)
            problem(Place, $"at most {ProviderSettings.Max} providers are allowed");
        var read = config.OrderBy(static one => one.Key, StringComparer.Ordinal)
            .Select(one => Read(one.Key, one.Value)).OfType<ProviderSettings>().ToImmutableArray();
        foreach (var twin in read.GroupBy(static one => one.Issuer).Where(static same => same.Count() > 1))
            problem($"{Place}/{JsonPointer.Escape(twin.Last().Name)}/issuer",
                $"the providers {string.Join(" and ", twin.Select(static one => one.Name))} have the same issuer");
        return read;
    }

    private static Dictionary<string, List<string>> Mappings(MemberReader members) =>
        members.Named(members.Given("roles"), "roles", (node, place) =>
        {
            if (node.Kind == JsonKind.Array)
                return members.Texts(node, "roles");
            members.Error(node, place, $"this must be an array of roles, not {MemberReader.Describe(node)}");
            return null;
        });

    private ProviderSettings? Read(string name, ProviderConfig config)
    {
        var place = $"{Place}/{JsonPointer.Escape(name)}";
        if (!EntityName.IsValid(name))
            problem(place, $"\"{name}\" is not a valid name for a provider; {EntityName.Rule}");
        var issuer = Text(place, "issuer", config.Issuer);
        if (issuer is not null && !IsIssuer(issuer))
        {
            problem($"{place}/issuer", $"\"{issuer}\" is not a valid issuer: an https address without a query, or http "
                + "on this machine, exactly as the provider writes it");
        }

        var (id, secret) = (Text(place, "clientId", config.ClientId), Text(place, "clientSecret", config.ClientSecret));
        var scopes = config.Scopes?.ToImmutableArray() ?? UsualScopes;
        if (scopes.Length > ScopesMax || scopes.Any(static scope =>
            scope.Length is 0 or > ClaimLengthMax || scope.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            problem($"{place}/scopes",
                $"\"scopes\" may have at most {ScopesMax} entries, each of visible ASCII characters");
        }

        var display = config.DisplayName ?? name;
        if (display.Length is 0 or > DisplayNameLengthMax || display.Any(char.IsControl))
        {
            problem($"{place}/displayName",
                $"\"displayName\" must have 1 to {DisplayNameLengthMax} characters, and no control characters");
        }

        CheckRoles(place, config);
        return issuer is null || id is null || secret is null ? null : new ProviderSettings(name, issuer, id, secret)
        {
            DisplayName = display,
            Scopes = [.. scopes.Prepend("openid").Distinct(StringComparer.Ordinal)],
            NameClaim = Claim(place, "nameClaim", config.NameClaim ?? "preferred_username"),
            RoleClaim = Claim(place, "roleClaim", config.RoleClaim ?? "groups"),
            Roles = config.Roles.ToFrozenDictionary(
                static one => one.Key, static one => one.Value.ToImmutableArray(), StringComparer.Ordinal),
        };
    }

    private void CheckRoles(string place, ProviderConfig config)
    {
        if (config.Roles.Count > MappingsMax)
            problem($"{place}/roles", $"at most {MappingsMax} values can be mapped");
        foreach (var (value, roles) in config.Roles)
        {
            for (var i = 0; i < roles.Count; i++)
            {
                if (RoleText.Split(roles[i]) is null)
                    problem($"{place}/roles/{JsonPointer.Escape(value)}/{i}",
                        $"\"{roles[i]}\" is not a role; {RoleText.Rule}");
            }
        }
    }

    private string Claim(string place, string member, string name)
    {
        if (name.Length is 0 or > ClaimLengthMax)
            problem($"{place}/{member}", $"\"{member}\" must have 1 to {ClaimLengthMax} characters");
        return name;
    }

    private string? Text(string place, string member, string? written)
    {
        if (written is null)
        {
            problem(place, $"a provider needs \"{member}\"");
            return null;
        }

        if (expand($"{place}/{member}", written) is not { } text)
            return null;
        if (text.Length is > 0 and <= TextLengthMax && !text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return text;
        problem($"{place}/{member}", $"\"{member}\" must have 1 to {TextLengthMax} visible ASCII characters");
        return null;
    }

    private static bool IsIssuer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;
}
