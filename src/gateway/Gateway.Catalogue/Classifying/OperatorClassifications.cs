using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Catalogue.Listing;
using Gateway.Control.Documents;

namespace Gateway.Catalogue.Classifying;

/// <summary>The operators' classifications of tools, which override those of the classifier.</summary>
public static class OperatorClassifications
{
    // A page needs the classification of each tool of a server, and parsed definitions stay alive while they are
    // current.
    private static readonly ConditionalWeakTable<ToolFacts, Classification> Cache = [];

    /// <summary>Returns the key of the stored document; null if a document cannot have the tool's name.</summary>
    public static ControlKey? KeyOf(string server, string tool)
    {
        var name = $"{server}/{tool}";
        return ControlKey.IsValidName(name) ? new ControlKey(ControlKinds.Classifications, name) : null;
    }

    /// <summary>Returns an operator's classification; null if there is none or it is unreadable.</summary>
    public static OperatorClassification? Find(ControlSnapshot documents, string server, string tool)
    {
        if (KeyOf(server, tool) is not { } key || documents.Find(key) is not { } document)
            return null;
        try
        {
            var said = JsonSerializer.Deserialize(
                document.Content.Span, ClassifyingJson.Default.OperatorClassification);
            // A class that this release does not know either keeps the nearest known category.
            return said is { Class: nameof(ToolCategory.Secret) }
                ? said with { Category = ToolCategory.Secret, Class = null }
                : said;
        }
        catch (JsonException)
        {
            // The classifier's own result then applies.
            return null;
        }
    }

    /// <summary>Returns the document of a classification.</summary>
    public static byte[] Write(OperatorClassification said) =>
        JsonSerializer.SerializeToUtf8Bytes(
            said.Category == ToolCategory.Secret
                ? said with { Category = ToolCategory.Execute, Class = nameof(ToolCategory.Secret) }
                : said,
            ClassifyingJson.Default.OperatorClassification);

    /// <summary>Returns the classification of a tool: the operator's, or else the classifier's.</summary>
    public static Classification Of(ControlSnapshot documents, string server, ToolFacts tool) =>
        Find(documents, server, tool.Name) is { } said
            ? new Classification(said.Category, said.Risk, 1, Reasons(said, tool))
            : Cache.GetValue(tool, ToolClassifier.Of);

    /// <summary>Returns true if the definition differs from the one that the operator reviewed.</summary>
    public static bool IsChanged(OperatorClassification said, ToolFacts tool) =>
        said.Definition != DefinitionHash.Of(tool);

    private static string[] Reasons(OperatorClassification said, ToolFacts tool)
    {
        var reason = $"{said.By} set this on {said.At:yyyy-MM-dd}: {said.Note}";
        return IsChanged(said, tool)
            ? [reason, "Its definition has changed since: review it again."]
            : [reason];
    }
}
