using System.Security.Cryptography;
using System.Text;
using Gateway.Policy.Json;

namespace Gateway.Policy.Documents;

/// <summary>
/// SHA-256 of the rules for a tool in a document. It ignores white space, the order of members and the rest of the
/// document, and depends on everything else.
/// </summary>
internal static class RuleDigest
{
    /// <param name="allTools">The rules for all tools; null for none.</param>
    /// <param name="entry">The tool's entry; null if it has none.</param>
    /// <returns>64 lowercase hexadecimal digits.</returns>
    public static string Of(JsonNode? allTools, JsonNode? entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, allTools);
        Append(hash, entry);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Each part includes its kind and its length, so that two different values never have the same encoding.
    private static void Append(IncrementalHash hash, JsonNode? node)
    {
        if (node is null)
        {
            Append(hash, "none");
            return;
        }

        Append(hash, FormattableString.Invariant($"{node.Kind}/{node.Members.Length + node.Items.Length}"));
        Append(hash, node.Text);
        foreach (var item in node.Items)
            Append(hash, item);
        foreach (var member in node.Members.OrderBy(static member => member.Name, StringComparer.Ordinal))
        {
            Append(hash, member.Name);
            Append(hash, member.Value);
        }
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
