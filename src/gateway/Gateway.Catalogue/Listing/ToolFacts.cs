using System.Text;
using System.Text.Json;
using Gateway.Proxy.Pinning;

namespace Gateway.Catalogue.Listing;

/// <summary>A server's description of one of its tools. The hints are the server's own claims, not proof.</summary>
public sealed record ToolFacts(
    string Name, string? Description, JsonElement InputSchema, bool? IsReadOnly, bool? IsDestructive,
    JsonElement? OutputSchema = null, string? Title = null)
{
    /// <summary>The URI of the app that displays its results; null if there is none.</summary>
    public string? App { get; init; }

    private const int DepthMax = 512;
    private static readonly JsonElement Anything = JsonElement.Parse("{}");

    /// <summary>Reads a definition from a list; parts that do not have the form of MCP are omitted.</summary>
    public static ToolFacts Of(ListedItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            var tool = JsonElement.Parse(item.Definition, new JsonDocumentOptions { MaxDepth = DepthMax });
            return Of(tool, item.Name) with { App = AppContent.UriOf(Encoding.UTF8.GetBytes(item.Definition)) };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new ToolFacts(item.Name, null, Anything, null, null);
        }
    }

    /// <summary>Reads a definition that contains its name.</summary>
    /// <exception cref="JsonException">The definition is not an object with a name.</exception>
    internal static ToolFacts Of(ReadOnlySpan<byte> definition)
    {
        var tool = JsonElement.Parse(definition, new JsonDocumentOptions { MaxDepth = DepthMax });
        return Of(tool, Text(tool, "name") ?? throw new JsonException("No name."));
    }

    private static ToolFacts Of(JsonElement tool, string name)
    {
        var hints = Member(tool, "annotations", JsonValueKind.Object);
        return new ToolFacts(
            name,
            Text(tool, "description"),
            Member(tool, "inputSchema", JsonValueKind.Object) ?? Anything,
            Flag(hints, "readOnlyHint"),
            Flag(hints, "destructiveHint"),
            Member(tool, "outputSchema", JsonValueKind.Object),
            Text(tool, "title") ?? (hints is { } given ? Text(given, "title") : null));
    }

    private static JsonElement? Member(JsonElement of, string name, JsonValueKind kind) =>
        of.TryGetProperty(name, out var found) && found.ValueKind == kind ? found : null;

    private static string? Text(JsonElement of, string name) => Member(of, name, JsonValueKind.String)?.GetString();

    private static bool? Flag(JsonElement? of, string name) =>
        of is { } given && given.TryGetProperty(name, out var found)
        && found.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? found.GetBoolean()
            : null;
}
