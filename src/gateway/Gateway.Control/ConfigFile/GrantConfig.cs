using System.Text.Json.Serialization;
using Gateway.Policy.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// One grant as written: either <c>server</c> with <c>policy</c>, or <c>servers</c> with a policy for each.
/// </summary>
internal sealed record GrantConfig
{
    /// <summary>The one server that this grant reaches.</summary>
    public string? Server { get; set; }

    /// <summary>The policy for <see cref="Server"/>; without one every call is denied.</summary>
    public string? Policy { get; set; }

    /// <summary>Server name to policy name, for a grant that reaches several; null denies every call there.</summary>
    public Dictionary<string, string?>? Servers { get; set; }

    /// <summary>The bearer token: 16 to 512 visible ASCII characters, plainly or as <c>${NAME}</c>.</summary>
    public string? Token { get; set; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits, instead of <see cref="Token"/>.</summary>
    public string? TokenHash { get; set; }

    /// <summary>
    /// The instant from which the grant is refused; or a length such as <c>30d</c>, from when a gateway first saw this
    /// token under this name.
    /// </summary>
    public string? Expires { get; set; }

    /// <summary>
    /// <c>list</c>, the default, or <c>search</c>: three tools that find, describe and call the others.
    /// </summary>
    [JsonPropertyName("tools_as")]
    public string? ToolsAs { get; set; }

    /// <summary>Tools that stand for others of its servers: server to name to what it is.</summary>
    [JsonPropertyName("virtual_tools")]
    public JsonNode? VirtualTools { get; set; }
}
