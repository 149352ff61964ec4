using System.Collections.Immutable;
using System.Net;
using Gateway.Control.Snapshots;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader that checks the proxy that is trusted to name the operator.</summary>
/// <param name="problem">Receives a JSON Pointer, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
internal sealed class ProxyReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private const string Place = "/admin/proxy";
    private const int HeaderLengthMax = 64;

    /// <summary>Reads the <c>proxy</c> member.</summary>
    public static ProxyConfig? Members(MemberReader admin)
    {
        if (admin.Given("proxy") is not { } node
            || MemberReader.Open(node, Place, "\"proxy\"", admin.Context) is not { } members)
        {
            return null;
        }

        var proxy = new ProxyConfig
        {
            Addresses = members.Texts(members.Optional("addresses"), "addresses"),
            Header = members.GivenText("header"),
            Secret = members.GivenText("secret"),
        };
        members.RefuseOthers();
        return proxy;
    }

    /// <summary>Returns the settings; null if they are absent or invalid.</summary>
    public ProxySettings? Read(ProxyConfig? config)
    {
        if (config is null)
            return null;
        var addresses = Addresses(config.Addresses);
        var header = config.Header ?? ProxySettings.UsualHeader;
        if (header.Length is 0 or > HeaderLengthMax
            || !header.All(static one => char.IsAsciiLetterOrDigit(one) || one == '-')
            || header.Equals(ProxySettings.SecretHeader, StringComparison.OrdinalIgnoreCase)
            || header.ToUpperInvariant() is "AUTHORIZATION" or "COOKIE" or "HOST" or "ORIGIN")
        {
            problem($"{Place}/header",
                $"\"{header}\" cannot be the header that names an operator; write one such as "
                + $"{ProxySettings.UsualHeader}, of letters, digits and hyphens");
            return null;
        }

        if (config.Secret is null)
        {
            problem(Place, "\"proxy\" needs a \"secret\", which the proxy sends in the header "
                + ProxySettings.SecretHeader);
            return null;
        }

        if (expand($"{Place}/secret", config.Secret) is not { } secret)
            return null;
        if (TokenHash.IsToken(secret))
            return new ProxySettings(addresses, header, TokenHash.Of(secret));
        problem($"{Place}/secret", $"the proxy's secret must have {TokenHash.TokenRule}");
        return null;
    }

    private ImmutableArray<IPAddress> Addresses(List<string> written)
    {
        if (written.Count is 0 or > ProxySettings.AddressesMax)
        {
            problem($"{Place}{(written.Count == 0 ? "" : "/addresses")}",
                $"\"proxy\" needs \"addresses\": 1 to {ProxySettings.AddressesMax} addresses from which the proxy "
                    + "connects");
        }

        var addresses = ImmutableArray.CreateBuilder<IPAddress>();
        for (var i = 0; i < written.Count; i++)
        {
            if (IPAddress.TryParse(written[i], out var address))
                addresses.Add(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
            else
                problem($"{Place}/addresses/{i}", $"\"{written[i]}\" is not an IP address; write one such as 10.0.0.7");
        }

        return addresses.DrainToImmutable();
    }
}

/// <summary>The <c>admin.proxy</c> member of the configuration file.</summary>
internal sealed record ProxyConfig
{
    /// <summary>The addresses and networks from which the proxy connects.</summary>
    public List<string> Addresses { get; set; } = [];

    /// <summary>The header in which the proxy names the operator.</summary>
    public string? Header { get; set; }

    /// <summary>The secret that authenticates the proxy, in plain text or as <c>${NAME}</c>.</summary>
    public string? Secret { get; set; }
}
