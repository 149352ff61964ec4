using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The hash that detects a changed tool definition: SHA-256 over its name, title, description, schemas and hints, each
/// preceded by its length. The order of the members of an object does not matter.
/// </summary>
public static class DefinitionHash
{
    /// <summary>Returns 64 hexadecimal digits.</summary>
    public static string Of(ToolFacts tool)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, tool.Name);
        Add(hash, tool.Title);
        Add(hash, tool.Description);
        Add(hash, Plain(tool.InputSchema));
        Add(hash, Plain(tool.OutputSchema));
        Add(hash, $"{tool.IsReadOnly},{tool.IsDestructive}");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string? part)
    {
        var bytes = part is null ? null : Encoding.UTF8.GetBytes(part);
        Span<byte> length = stackalloc byte[sizeof(int)];
        // An absent part differs from an empty one.
        BinaryPrimitives.WriteInt32BigEndian(length, bytes?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(bytes ?? []);
    }

    private static string? Plain(JsonElement? schema)
    {
        if (schema is not { ValueKind: not JsonValueKind.Undefined } given)
            return null;
        var text = new StringBuilder();
        Write(text, given);
        return text.ToString();
    }

    // The reader bounds the depth.
    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(static one => one.Name, StringComparer.Ordinal))
                {
                    Write(text, member.Name);
                    text.Append(':');
                    Write(text, member.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Write(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                Write(text, value.GetString()!);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void Write(StringBuilder text, string value) =>
        text.Append('"').Append(JsonEncodedText.Encode(value).ToString()).Append('"');
}
