using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Compiling;

/// <summary>Finds the schemas within a schema.</summary>
internal static class SchemaChildren
{
    public static IEnumerable<(JsonNode Node, string Pointer)> Of(SchemaPlace place)
    {
        foreach (var member in place.Node.Members)
        {
            var pointer = JsonPointer.Append(place.Pointer, member.Name);
            if (SchemaVocabulary.Single.Contains(member.Name))
            {
                yield return (member.Value, pointer);
            }
            else if (SchemaVocabulary.Lists.Contains(member.Name))
            {
                for (var i = 0; i < member.Value.Items.Length; i++)
                    yield return (member.Value.Items[i], JsonPointer.Append(pointer, i));
            }
            else if (SchemaVocabulary.Maps.Contains(member.Name))
            {
                foreach (var named in member.Value.Members)
                    yield return (named.Value, JsonPointer.Append(pointer, named.Name));
            }
        }
    }
}

/// <summary>A schema as written: its JSON, its location in the document, and its base URI.</summary>
internal sealed record SchemaPlace(JsonNode Node, string Pointer, Uri Base);
