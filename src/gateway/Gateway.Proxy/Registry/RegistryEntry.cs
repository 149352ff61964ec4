using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Gateway.Proxy.Registry;

/// <summary>A server as the registry lists it: by the gateway's address, never by its own.</summary>
/// <param name="Name">Its name with the name space of the gateway.</param>
/// <param name="Server">Its name here.</param>
/// <param name="Url">Where agents reach it.</param>
/// <param name="Version">The version of its registration.</param>
/// <param name="UpdatedAt">Since when it is registered so, as this process knows it.</param>
internal sealed record RegistryEntry(string Name, string Server, string Url, string Version, DateTimeOffset UpdatedAt)
{
    private const string Schema = "https://static.modelcontextprotocol.io/schemas/2025-09-29/server.schema.json";
    private const int DescriptionCharsMax = 100;

    /// <summary>The name space of a host: its labels the other way round; an address has none of its own.</summary>
    public static string NameSpace(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _) || !host.Contains('.', StringComparison.Ordinal)
            ? "local.gateway"
            : string.Join('.', host.Split('.', StringSplitOptions.RemoveEmptyEntries).Reverse());

    /// <summary>As the protocol has it.</summary>
    /// <param name="needsToken">Whether a token is the only way in.</param>
    public JsonObject ToJson(bool needsToken)
    {
        var at = UpdatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var said = $"{Server} by way of the policy gateway, which checks every call.";
        var header = new JsonObject
        {
            ["name"] = "Authorization",
            ["description"] = "The token of your grant.",
            ["value"] = "Bearer {token}",
            ["isRequired"] = needsToken,
            ["isSecret"] = true,
            ["variables"] = new JsonObject
            {
                ["token"] = new JsonObject
                {
                    ["description"] = "The token of your grant; ask the gateway's operator.",
                    ["isRequired"] = needsToken,
                    ["isSecret"] = true,
                },
            },
        };
        var remote = new JsonObject { ["type"] = "streamable-http", ["url"] = Url };
        // A client that can sign in is asked for nothing that it does not need.
        if (needsToken)
            remote["headers"] = new JsonArray((JsonNode)header);
        return new JsonObject
        {
            ["server"] = new JsonObject
            {
                ["$schema"] = Schema,
                ["name"] = Name,
                ["description"] = said.Length > DescriptionCharsMax ? said[..DescriptionCharsMax] : said,
                ["version"] = Version,
                ["remotes"] = new JsonArray((JsonNode)remote),
            },
            ["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol.registry/official"] = new JsonObject
                {
                    ["status"] = "active",
                    ["publishedAt"] = at,
                    ["updatedAt"] = at,
                    ["isLatest"] = true,
                },
            },
        };
    }
}
