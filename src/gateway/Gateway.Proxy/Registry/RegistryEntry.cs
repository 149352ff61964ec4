using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Gateway.Proxy.Registry;

/// <summary>A server as the registry lists it: with the gateway's address, never with the server's own.</summary>
/// <param name="Name">The server's name in the namespace of the gateway.</param>
/// <param name="Server">The server's name in this gateway.</param>
/// <param name="Url">The address at which agents reach it.</param>
/// <param name="Version">The version of its registration.</param>
/// <param name="UpdatedAt">The time of its last change, as far as this process knows.</param>
internal sealed record RegistryEntry(string Name, string Server, string Url, string Version, DateTimeOffset UpdatedAt)
{
    private const string Schema = "https://static.modelcontextprotocol.io/schemas/2025-09-29/server.schema.json";
    private const int DescriptionCharsMax = 100;

    /// <summary>
    /// Returns the namespace of a host: its labels in reverse order, or a fixed name for an IP address.
    /// </summary>
    public static string NameSpace(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _) || !host.Contains('.', StringComparison.Ordinal)
            ? "local.gateway"
            : string.Join('.', host.Split('.', StringSplitOptions.RemoveEmptyEntries).Reverse());

    /// <summary>Returns the entry in the format of the protocol.</summary>
    /// <param name="needsToken">True if clients need a token.</param>
    public JsonObject ToJson(bool needsToken)
    {
        var at = UpdatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var said = $"{Server} through the policy gateway, which checks every call.";
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
        // A client that can sign in must not be prompted for a token.
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
