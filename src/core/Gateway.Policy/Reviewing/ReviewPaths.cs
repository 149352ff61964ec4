using System.Collections.Immutable;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Reviewing;

/// <summary>The argument paths of a document's entry, checked against a tool's schema.</summary>
internal static class ReviewPaths
{
    private const int SchemaDepthMax = 64;

    /// <summary>
    /// Returns every <c>path</c>, <c>increment_from</c> and <c>by</c> below an entry, except in its schema and in its
    /// <c>results</c>, where paths have another root; or those of <c>results</c>.
    /// </summary>
    public static IEnumerable<(ArgumentPath Path, int Offset, string Pointer)> Of(
        JsonNode? node, string pointer, string pathRoot = "args")
    {
        foreach (var member in node?.Members ?? [])
        {
            var below = JsonPointer.Append(pointer, member.Name);
            if (member.Name is "path" or "increment_from" or "by" && member.Value.Kind == JsonKind.String)
            {
                if (ArgumentPath.TryParse(member.Value.Text, pathRoot, out var path, out _))
                    yield return (path, member.Value.Offset, below);
            }
            else if (member is { Name: "by", Value.Kind: JsonKind.Array })
            {
                foreach (var found in OfList(member.Value, below))
                    yield return found;
            }
            else if (member.Name is not ("arguments" or "results"))
            {
                foreach (var found in Of(member.Value, below, pathRoot))
                    yield return found;
            }
        }

        for (var i = 0; i < (node?.Items.Length ?? 0); i++)
        {
            foreach (var found in Of(node!.Items[i], JsonPointer.Append(pointer, i), pathRoot))
                yield return found;
        }
    }

    /// <summary>Returns the paths in a list, which contains them as texts or in objects.</summary>
    private static IEnumerable<(ArgumentPath Path, int Offset, string Pointer)> OfList(JsonNode list, string pointer)
    {
        for (var i = 0; i < list.Items.Length; i++)
        {
            var (item, below) = (list.Items[i], JsonPointer.Append(pointer, i));
            if (item.Kind == JsonKind.String && ArgumentPath.TryParse(item.Text, out var path, out _))
                yield return (path, item.Offset, below);
            foreach (var found in Of(item, below))
                yield return found;
        }
    }

    /// <summary>Returns the schema of the value at a path; null if unknown.</summary>
    public static JsonNode? SchemaOf(ArgumentPath path, ReadOnlyMemory<byte> inputSchema)
    {
        var schema = inputSchema.IsEmpty
            ? null
            : JsonTreeReader.Read(inputSchema.Span, SchemaDepthMax, duplicates: null, out _);
        foreach (var step in path.Steps)
            schema = step.Key is null ? schema?.Find("items") : schema?.Find("properties")?.Find(step.Key);
        return schema;
    }

    /// <summary>
    /// Returns true if the path is in the schema, or if the schema is not specific enough to determine it.
    /// </summary>
    public static bool IsInSchema(ImmutableArray<PathStep> path, ReadOnlyMemory<byte> utf8)
    {
        if (utf8.IsEmpty)
            return true;
        var schema = JsonTreeReader.Read(utf8.Span, SchemaDepthMax, duplicates: null, out _);
        foreach (var step in path)
        {
            if (schema?.Find("properties") is not { } properties || step.Key is null)
                return true;
            if (properties.Find(step.Key) is not { } next)
                return schema.Find("additionalProperties") is { } more && more.Kind != JsonKind.False;
            schema = next;
        }

        return true;
    }
}
