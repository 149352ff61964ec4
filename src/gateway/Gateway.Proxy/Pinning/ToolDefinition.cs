using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Policy.Json;

namespace Gateway.Proxy.Pinning;

/// <summary>
/// A definition as three hashes, so that a later comparison shows which part has changed. Each is a SHA-256 over
/// parts in the canonical form of RFC 8785, each part preceded by its length, so that no two lists of parts hash alike.
/// </summary>
/// <param name="Name">The name of the tool or prompt, the URI of the resource, or the template.</param>
/// <param name="Contract">
/// The hash of its name, description and schemas, including their header annotations; of a prompt or resource, its
/// names, description, arguments and media type.
/// </param>
/// <param name="Hints">The hash of its annotations except the title.</param>
/// <param name="Display">The hash of its titles, icons and all other members, such as <c>_meta</c>.</param>
/// <param name="Safety">The safety that each hint claims, as four digits; a greater digit is safer.</param>
public sealed record ToolDefinition(string Name, string Contract, string Hints, string Display, string Safety)
{
    private const int DepthMax = 250;

    // Many descriptions begin with "Search."; one that repeats this many characters word for word is a copy.
    private const int DistinctiveCharsMin = 40;

    private static readonly Members OfTool = new(
        "name", ["name", "description", "inputSchema", "outputSchema", "x-mcp-header"], [], ["title"]);

    // The size and the time of a resource describe its content, which may change at any time.
    private static readonly Members OfPrompt = new(
        "name", ["name", "uri", "uriTemplate", "description", "arguments", "mimeType"], ["size"],
        ["title", "lastModified"]);

    private static readonly Members OfResource = OfPrompt with { Identity = "uri" };
    private static readonly Members OfTemplate = OfPrompt with { Identity = "uriTemplate" };

    /// <summary>The hash of its description; null if that is too short to identify anything.</summary>
    public string? DescriptionHash { get; init; }

    /// <summary>
    /// Reads the definition of a tool. Returns null if it is not unambiguous: not a JSON object, a duplicate member,
    /// invalid text, or nested too deeply.
    /// </summary>
    public static ToolDefinition? Read(ReadOnlyMemory<byte> json) => Read(json, OfTool);

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    public static ToolDefinition? Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    /// <summary>Reads the definition of a prompt; returns null as for a tool.</summary>
    public static ToolDefinition? ReadPrompt(string json) => Read(Encoding.UTF8.GetBytes(json), OfPrompt);

    /// <summary>Reads the definition of a resource; returns null as for a tool.</summary>
    public static ToolDefinition? ReadResource(string json) => Read(Encoding.UTF8.GetBytes(json), OfResource);

    /// <summary>Reads the definition of a template; returns null as for a tool.</summary>
    public static ToolDefinition? ReadTemplate(string json) => Read(Encoding.UTF8.GetBytes(json), OfTemplate);

    /// <summary>Returns true if any hint claims more safety than <paramref name="before"/> did.</summary>
    public bool IsSaferThan(string before) =>
        before.Length != Safety.Length || Safety.Zip(before).Any(static pair => pair.First > pair.Second);

    /// <summary>Returns the hash of a text, such as a server's instructions.</summary>
    public static string HashOf(string? text) =>
        Hash([text is null ? null : Encoding.UTF8.GetBytes(text)]);

    private static ToolDefinition? Read(ReadOnlyMemory<byte> json, Members members)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { MaxDepth = DepthMax, AllowDuplicateProperties = false });
            var tool = document.RootElement;
            return tool.ValueKind == JsonValueKind.Object
                && tool.TryGetProperty(members.Identity, out var name) && name.ValueKind == JsonValueKind.String
                ? Of(name.GetString()!, tool, members)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ToolDefinition Of(string name, JsonElement tool, Members members)
    {
        var hints = tool.TryGetProperty("annotations", out var given) ? given : default;
        var isObject = hints.ValueKind == JsonValueKind.Object;
        var ofHints = isObject
            ? hints.EnumerateObject().Where(one => !members.NotHints.Contains(one.Name))
                .OrderBy(static one => one.Name, StringComparer.Ordinal).SelectMany(Named)
            : [Canonical(hints)];
        var ofDisplay = tool.EnumerateObject()
            .Where(one => one.Name != "annotations" && !members.Contract.Contains(one.Name)
                && !members.Omitted.Contains(one.Name))
            .OrderBy(static one => one.Name, StringComparer.Ordinal).SelectMany(Named);
        return new ToolDefinition(
            name,
            Hash(members.Contract.Select(member => tool.TryGetProperty(member, out var part) ? Canonical(part) : null)),
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

    /// <summary>The members of a kind of definition.</summary>
    /// <param name="Identity">The member that identifies it.</param>
    /// <param name="Contract">The members of its contract.</param>
    /// <param name="Omitted">The members that are in no hash.</param>
    /// <param name="NotHints">The members of its annotations that are no hints.</param>
    private sealed record Members(string Identity, string[] Contract, string[] Omitted, string[] NotHints);
}
