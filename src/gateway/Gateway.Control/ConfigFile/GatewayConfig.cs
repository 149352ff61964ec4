using Gateway.Control.Contracts;
using Gateway.Policy.Budgets;
using Gateway.Policy.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// The configuration as written. <see cref="ConfigReader"/> reads its members, and <see cref="ConfigLoader"/> checks
/// them.
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
    /// The effect of a failing test of a policy: <c>warn</c>, <c>refuse</c>, or <c>off</c> to run no tests.
    /// </summary>
    public string PolicyTests { get; set; } = "warn";

    /// <summary>
    /// Lists that policies name, by name: an array of strings, or <c>{ "file": … }</c> relative to the configuration
    /// file. At most 100,000 values of at most 512 bytes each.
    /// </summary>
    public Dictionary<string, JsonNode> Lists { get; set; } = [];

    /// <summary>Limits that services, grants and Envoy's descriptors share, by name.</summary>
    public Dictionary<string, Budget> Budgets { get; set; } = [];

    /// <summary>Grants by name.</summary>
    public Dictionary<string, GrantFile> Grants { get; set; } = [];

    /// <summary>Alert rules by name; at most 32.</summary>
    public Dictionary<string, AlertSpec> Alerts { get; set; } = [];

    /// <summary>Access of operators: the administrator's key, a trusted proxy and providers.</summary>
    public AdminConfig? Admin { get; set; }

    /// <summary>The address at which agents reach the gateway; its host and origin are allowed.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>The sign-in for clients that take only a URL; null if the gateway offers none.</summary>
    public SignInConfig? OAuth { get; set; }

    /// <summary>The issuers whose tokens identify callers; null if there are none.</summary>
    public IdentityConfig? Identity { get; set; }

    /// <summary>Additional allowed values of <c>Origin</c>.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>Additional allowed values of <c>Host</c>, with or without a port.</summary>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>Addresses and networks of the proxies whose <c>X-Forwarded-For</c> is trusted.</summary>
    public List<string> TrustedProxies { get; set; } = [];
}
