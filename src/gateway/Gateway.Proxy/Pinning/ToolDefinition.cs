using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Policy.Json;

namespace Gateway.Proxy.Pinning;

/// <summary>
/// A tool's definition as three hashes, so that it can be told later what of it is another: SHA-256 over parts in the
/// canonical form of RFC 8785, each with its length before it, so that no two lists of parts hash alike.
/// </summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Contract">Of its name, description and schemas, with all that they say of headers.</param>
/// <param name="Hints">Of its annotations, but for the title.</param>
/// <param name="Display">Of its titles, icons and all that is left, as <c>_meta</c>.</param>
/// <param name="Safety">How harmless each hint says that it is, as four digits; a greater one is safer.</param>
public sealed record ToolDefinition(string Name, string Contract, string Hints, string Display, string Safety)
{
    private const int DepthMax = 250;

    // "Search." is how many begin; whoever says as much as this in the same words has copied it.
    private const int TellingCharsMin = 40;

    private static readonly string[] OfContract =
        ["name", "description", "inputSchema", "outputSchema", "x-mcp-header"];

    /// <summary>The hash of its description; null where that is too short to tell anything.</summary>
    public string? DescriptionHash { get; init; }

    /// <summary>
    /// Null where it cannot be read with one meaning: no JSON object, a duplicate member, text that is no text, or too
    /// deep.
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

    /// <summary>Whether a hint says that it is safer than <paramref name="before"/> said.</summary>
    public bool IsSaferThan(string before) =>
        before.Length != Safety.Length || Safety.Zip(before).Any(static pair => pair.First > pair.Second);

    /// <summary>The hash of a text, such as a server's instructions.</summary>
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
                && description.GetString() is { Length: >= TellingCharsMin } text ? HashOf(text) : null,
        };
    }

    // What is not said lies between: to take back a warning is to look safer too.
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
            // What is not there differs from what is empty.
            BinaryPrimitives.WriteInt32BigEndian(length, part?.Length ?? -1);
            hash.AppendData(length);
            hash.AppendData(part ?? []);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
