using System.Collections.Immutable;
using System.Text.Json;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>
/// A reader of members of a metadata document or a token; a member of another type counts as absent.
/// </summary>
internal static class MetadataMember
{
    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static ImmutableArray<string> Texts(JsonElement json, string name, int max) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String)
                .Take(max).Select(static item => item.GetString()!)]
            : [];
}
