using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gateway.Policy.Json;

namespace Gateway.Admin.Answers;

/// <summary>JSON merge patch (RFC 7396) for resources whose members are known.</summary>
internal static class MergePatch
{
    public const string ContentType = "application/merge-patch+json";

    /// <summary>Returns the target with the patch applied; changes neither of them.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var merged = target.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            if (value is null)
                merged.Remove(name);
            else if (value is JsonObject inner)
                merged[name] = Apply(merged[name] as JsonObject ?? [], inner);
            else
                merged[name] = value.DeepClone();
        }

        return merged;
    }

    /// <summary>Reads the target with the patch applied; otherwise returns the problem with it.</summary>
    public static (T? Input, AdminResponse? Problem) Read<T>(JsonObject target, JsonObject patch, JsonTypeInfo<T> type)
        where T : class => AdminCall.Parse(
            JsonSerializer.SerializeToUtf8Bytes(Apply(target, patch), AnswerJson.Default.JsonObject), type);

    /// <summary>
    /// Returns the JSON Pointers of members that the type does not have. The deserializer would not notice one whose
    /// value is null, because the merge removes it.
    /// </summary>
    public static IEnumerable<string> Unknown(JsonObject patch, JsonTypeInfo type, string pointer = "")
    {
        // Names in a dictionary are chosen by the client. Types without properties have converters that check the
        // value.
        if (type.Kind != JsonTypeInfoKind.Object)
            yield break;
        foreach (var (name, value) in patch)
        {
            var at = $"{pointer}/{JsonPointer.Escape(name)}";
            var property = type.Properties.FirstOrDefault(one => one.Name == name);
            if (property is null)
                yield return at;
            if (property is null || value is not JsonObject inner)
                continue;
            foreach (var unknown in Unknown(inner, type.Options.GetTypeInfo(property.PropertyType), at))
                yield return unknown;
        }
    }
}
