using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Gateway.Proxy.Registry;

/// <summary>A server as the registry lists it.</summary>
/// <param name="Name">The server's name in the namespace of the gateway.</param>
/// <param name="Version">The version of the entry.</param>
/// <param name="UpdatedAt">The time of its last change, as far as this process knows.</param>
internal abstract record RegistryEntry(string Name, string Version, DateTimeOffset UpdatedAt)
{
    private const int DescriptionCharsMax = 100;

    /// <summary>Returns the entry in the format of the protocol.</summary>
    /// <param name="needsToken">True if clients need a token.</param>
    public JsonObject ToJson(bool needsToken)
    {
        var at = UpdatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["server"] = ServerJson(needsToken),
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

    /// <summary>Returns the part that describes the server.</summary>
    protected abstract JsonObject ServerJson(bool needsToken);

    /// <summary>Returns the members that every server has.</summary>
    protected JsonObject Head(string schema, string description) => new()
    {
        ["$schema"] = $"https://static.modelcontextprotocol.io/schemas/{schema}/server.schema.json",
        ["name"] = Name,
        ["description"] = description.Length > DescriptionCharsMax ? description[..DescriptionCharsMax] : description,
        ["version"] = Version,
    };

    /// <summary>
    /// Returns the namespace of a host: its labels in reverse order, or a fixed name for an IP address.
    /// </summary>
    public static string NameSpace(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _) || !host.Contains('.', StringComparison.Ordinal)
            ? "local.gateway"
            : string.Join('.', host.Split('.', StringSplitOptions.RemoveEmptyEntries).Reverse());
}

/// <summary>A registered server: with the gateway's address, never with the server's own.</summary>
/// <param name="Name">The server's name in the namespace of the gateway.</param>
/// <param name="Server">The server's name in this gateway.</param>
/// <param name="Url">The address at which agents reach it.</param>
/// <param name="Version">The version of its registration.</param>
/// <param name="UpdatedAt">The time of its last change, as far as this process knows.</param>
internal sealed record RegisteredEntry(string Name, string Server, string Url, string Version, DateTimeOffset UpdatedAt)
    : RegistryEntry(Name, Version, UpdatedAt)
{
    protected override JsonObject ServerJson(bool needsToken)
    {
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
        var server = Head("2025-09-29", $"{Server} through the policy gateway, which checks every call.");
        server["remotes"] = new JsonArray((JsonNode)remote);
        return server;
    }
}

/// <summary>A public server that clients start themselves, without the gateway.</summary>
/// <param name="Name">The server's name in the namespace of the gateway's catalogue.</param>
/// <param name="Server">The server.</param>
internal sealed record PublicEntry(string Name, PublicServer Server)
    : RegistryEntry(Name, VersionOf(Server.UpdatedAt), Server.UpdatedAt)
{
    protected override JsonObject ServerJson(bool needsToken)
    {
        var server = Head("2025-12-11", $"{Server.Facts} Started by the client, not through the gateway.");
        server["packages"] = new JsonArray((JsonNode)new JsonObject
        {
            ["registryType"] = Server.PackageKind,
            ["identifier"] = Server.Package,
            ["transport"] = new JsonObject { ["type"] = "stdio" },
        });
        return server;
    }

    private static string VersionOf(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy.M.d}");
}
