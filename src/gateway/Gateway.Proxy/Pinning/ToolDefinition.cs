using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Policy.Json;

namespace Gateway.Proxy.Pinning;

/// <summary>
/// A tool's definition as three hashes, so that a later comparison shows which part has changed. Each is a SHA-256 over
/// parts in the canonical form of RFC 8785, each part preceded by its length, so that no two lists of parts hash alike.
/// </summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Contract">The hash of its name, description and schemas, including their header annotations.</param>
/// <param name="Hints">The hash of its annotations except the title.</param>
/// <param name="Display">The hash of its titles, icons and all other members, such as <c>_meta</c>.</param>
/// <param name="Safety">The safety that each hint claims, as four digits; a greater digit is safer.</param>
public sealed record ToolDefinition(string Name, string Contract, string Hints, string Display, string Safety)
{
    private const int DepthMax = 250;

    // Many descriptions begin with "Search."; one that repeats this many characters word for word is a copy.
    private const int DistinctiveCharsMin = 40;

    private static readonly string[] OfContract =
        ["name", "description", "inputSchema", "outputSchema", "x-mcp-header"];

    /// <summary>The hash of its description; null if that is too short to identify anything.</summary>
    public string? DescriptionHash { get; init; }

    /// <summary>
    /// Reads a definition. Returns null if it is not unambiguous: not a JSON object, a duplicate member, invalid text,
    /// or nested too deeply.
    /// </summary>
    public static ToolDefinition? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { MaxDepth = DepthMax, AllowDuplicateProperties = false });
            var tool = document.RootElement;
            return tool.ValueKind == JsonValueKind.Object
                && tool.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                ? Of(name.GetString()!, tool)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    public static ToolDefinition? Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    /// <summary>Returns true if any hint claims more safety than <paramref name="before"/> did.</summary>
    public bool IsSaferThan(string before) =>
        before.Length != Safety.Length || Safety.Zip(before).Any(static pair => pair.First > pair.Second);

    /// <summary>Returns the hash of a text, such as a server's instructions.</summary>
    public static string HashOf(string? text) =>
        Hash([text is null ? null : Encoding.UTF8.GetBytes(text)]);

    private static ToolDefinition Of(string name, JsonElement tool)
    {
        var hints = tool.TryGetProperty("annotations", out var given) ? given : default;
        var isObject = hints.ValueKind == JsonValueKind.Object;
        var ofHints = isObject
            ? hints.EnumerateObject().Where(static one => one.Name != "title")
                .OrderBy(static one => one.Name, StringComparer.Ordinal).SelectMany(Named)
            : [Canonical(hints)];
        var ofDisplay = tool.EnumerateObject()
            .Where(static one => one.Name != "annotations" && !OfContract.Contains(one.Name))
            .OrderBy(static one => one.Name, StringComparer.Ordinal).SelectMany(Named);
        return new ToolDefinition(
            name,
            Hash(OfContract.Select(member => tool.TryGetProperty(member, out var part) ? Canonical(part) : null)),
            Hash(ofHints),
            Hash([isObject && hints.TryGetProperty("title", out var title) ? Canonical(title) : null, .. ofDisplay]),
            string.Concat(
                Rank(hints, "readOnlyHint", safe: true), Rank(hints, "destructiveHint", safe: false),
                Rank(hints, "idempotentHint", safe: true), Rank(hints, "openWorldHint", safe: false)))
        {
            DescriptionHash = tool.TryGetProperty("description", out var description)
                && description.ValueKind == JsonValueKind.String
                && description.GetString() is { Length: >= DistinctiveCharsMin } text ? HashOf(text) : null,
        };
    }

    // A missing hint ranks in between: removing a warning also makes the tool look safer.
    private static string Rank(JsonElement hints, string name, bool safe)
    {
        if (hints.ValueKind != JsonValueKind.Object || !hints.TryGetProperty(name, out var hint)
            || hint.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return "1";
        }

        return hint.GetBoolean() == safe ? "2" : "0";
    }

    private static IEnumerable<byte[]?> Named(JsonProperty member) =>
        [Encoding.UTF8.GetBytes(member.Name), Canonical(member.Value)];

    private static byte[]? Canonical(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? null : CanonicalJson.Of(value);

    private static string Hash(IEnumerable<byte[]?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            // An absent part differs from an empty one.
            BinaryPrimitives.WriteInt32BigEndian(length, part?.Length ?? -1);
            hash.AppendData(length);
            hash.AppendData(part ?? []);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
