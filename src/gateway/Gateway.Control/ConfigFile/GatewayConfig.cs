using Gateway.Control.Contracts;
using Gateway.Policy.Budgets;
using Gateway.Policy.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// What is written: <see cref="ConfigReader"/> reads its members, <see cref="ConfigLoader"/> checks them.
/// </summary>
internal sealed record GatewayConfig
{
    /// <summary>Registered MCP servers by name.</summary>
    public Dictionary<string, ServerFile> Servers { get; set; } = [];

    /// <summary>
    /// Policies by name: a document in place, or <c>{ "file": … }</c> relative to the configuration file.
    /// </summary>
    public Dictionary<string, JsonNode> Policies { get; set; } = [];

    /// <summary>
    /// What a test of a policy that fails does: <c>warn</c>, <c>refuse</c> or, not being run, <c>off</c>.
    /// </summary>
    public string PolicyTests { get; set; } = "warn";

    /// <summary>
    /// Lists that policies name, by name: an array of texts, or <c>{ "file": … }</c> relative to the configuration
    /// file. At most 100,000 values of at most 512 bytes each.
    /// </summary>
    public Dictionary<string, JsonNode> Lists { get; set; } = [];

    /// <summary>Limits that services, grants and Envoy's descriptors share, by name.</summary>
    public Dictionary<string, Budget> Budgets { get; set; } = [];

    /// <summary>Grants by name.</summary>
    public Dictionary<string, GrantFile> Grants { get; set; } = [];

    /// <summary>The administrator's key.</summary>
    public AdminConfig? Admin { get; set; }

    /// <summary>The address under which agents reach the gateway; its host and origin are allowed.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>That the gateway signs in clients that take only a URL; absent, it does not.</summary>
    public SignInConfig? OAuth { get; set; }

    /// <summary>Further values of <c>Origin</c> that pass.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>Further values of <c>Host</c> that pass, with or without a port.</summary>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>Addresses and networks of the proxies whose <c>X-Forwarded-For</c> is believed.</summary>
    public List<string> TrustedProxies { get; set; } = [];
}
