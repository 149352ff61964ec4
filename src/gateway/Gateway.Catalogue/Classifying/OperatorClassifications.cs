using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Catalogue.Listing;
using Gateway.Control.Documents;

namespace Gateway.Catalogue.Classifying;

/// <summary>What operators said of tools, over what the classifier says.</summary>
public static class OperatorClassifications
{
    // A page asks for each tool of a server, and definitions that were read stay while they are in force.
    private static readonly ConditionalWeakTable<ToolFacts, Classification> Judged = [];

    /// <summary>Where it is stored; null where a tool's name is none that a document can have.</summary>
    public static ControlKey? KeyOf(string server, string tool)
    {
        var name = $"{server}/{tool}";
        return name.Length <= ControlKey.NameLengthMax && !name.AsSpan().ContainsAnyInRange('\0', '\x1f')
            ? new ControlKey(ControlKinds.Classifications, name)
            : null;
    }

    /// <summary>What an operator said of it; null where nobody did, or what is stored cannot be read.</summary>
    public static OperatorClassification? Find(ControlSnapshot documents, string server, string tool)
    {
        if (KeyOf(server, tool) is not { } key || documents.Find(key) is not { } document)
            return null;
        try
        {
            var said = JsonSerializer.Deserialize(
                document.Content.Span, ClassifyingJson.Default.OperatorClassification);
            // A class that this release does not know either leaves the nearest that it knows.
            return said is { Class: nameof(ToolCategory.Secret) }
                ? said with { Category = ToolCategory.Secret, Class = null }
                : said;
        }
        catch (JsonException)
        {
            // The classifier's own word stands then.
            return null;
        }
    }

    /// <summary>The document that says so.</summary>
    public static byte[] Write(OperatorClassification said) =>
        JsonSerializer.SerializeToUtf8Bytes(
            said.Category == ToolCategory.Secret
                ? said with { Category = ToolCategory.Execute, Class = nameof(ToolCategory.Secret) }
                : said,
            ClassifyingJson.Default.OperatorClassification);

    /// <summary>What this tool is: the operator's word before the classifier's.</summary>
    public static Classification Of(ControlSnapshot documents, string server, ToolFacts tool) =>
        Find(documents, server, tool.Name) is { } said
            ? new Classification(said.Category, said.Risk, 1, Reasons(said, tool))
            : Judged.GetValue(tool, ToolClassifier.Of);

    /// <summary>Whether the definition is another than the operator looked at.</summary>
    public static bool IsChanged(OperatorClassification said, ToolFacts tool) =>
        said.Definition != DefinitionHash.Of(tool);

    private static string[] Reasons(OperatorClassification said, ToolFacts tool)
    {
        var reason = $"{said.By} said so on {said.At:yyyy-MM-dd}: {said.Note}";
        return IsChanged(said, tool)
            ? [reason, "Its definition has changed since: look at it again."]
            : [reason];
    }
}
