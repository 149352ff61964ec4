namespace Gateway.Control.Snapshots;

/// <summary>How <see cref="ToolsAs"/> is written: in the file, over the API and in the store.</summary>
public static class WrittenToolsAs
{
    /// <summary>What may be written, in words.</summary>
    public const string Rule = "\"list\" or \"search\"";

    private const string List = "list";
    private const string Search = "search";

    /// <summary>False for anything else; nothing written is a list.</summary>
    public static bool TryRead(string? text, out ToolsAs value)
    {
        value = text == Search ? ToolsAs.Search : ToolsAs.List;
        return text is null or List or Search;
    }

    /// <summary>As it is written; null for a list, which needs no word.</summary>
    public static string? Of(ToolsAs value) => value == ToolsAs.Search ? Search : null;
}
