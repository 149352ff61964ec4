namespace Gateway.Admin.Importing;

/// <summary>Imports lists of allowed tools: Docker's MCP gateway (tools.yaml) and ToolHive.</summary>
internal static class ToolListImport
{
    /// <summary>
    /// Reads a map of server names to lists of tools. Docker allows all tools of a server that is not in it.
    /// </summary>
    public static ImportedPolicy Docker(YamlSource root, string? server)
    {
        var servers = root.Members.ToList();
        if (!root.IsMap || servers.Count == 0)
            throw new ImportException(root.Line, "a tools.yaml must have a list of tools for each server");
        if (server is null && servers.Count > 1)
            throw new ImportException(root.Line, "a policy is for one server; choose it with --server: "
                + string.Join(", ", servers.Select(static one => one.Name)));
        var tools = (server is null ? servers[0].Value : root.Find(server)) ?? throw new ImportException(
            root.Line, $"the file does not contain the server {server}, so Docker allows all tools of that server");
        var draft = new ImportDraft();
        // An empty list allows no tools.
        draft.Default("deny");
        Allow(draft, tools);
        return draft.Finish();
    }

    /// <summary>Reads an MCPToolConfig, or its spec: <c>toolsFilter</c> allows, <c>toolsOverride</c> renames.</summary>
    public static ImportedPolicy ToolHive(YamlSource root)
    {
        var spec = root.Find("spec") ?? root;
        var (filter, renamed) = (spec.Find("toolsFilter"), spec.Find("toolsOverride"));
        if (!spec.IsMap || (filter is null && renamed is null))
            throw new ImportException(root.Line, "the file has neither toolsFilter nor toolsOverride");
        var draft = new ImportDraft();
        var isFiltered = filter is { IsEmpty: false } && filter.Items.Any();
        draft.Default(isFiltered ? "deny" : "allow");
        if (isFiltered)
            Allow(draft, filter!);
        foreach (var (_, tool) in renamed?.Members ?? [])
            draft.Note(tool.Note("the gateway does not rename tools; rules use the server's names"));
        foreach (var other in spec.Others("toolsFilter", "toolsOverride").Where(_ => spec != root))
            draft.Note(other.Note("unknown member of a tool filter, so it was omitted"));
        return draft.Finish();
    }

    private static void Allow(ImportDraft draft, YamlSource tools)
    {
        if (!tools.IsList && !tools.IsEmpty)
            throw new ImportException(tools.Line, $"{tools.Place} must be a list of tools");
        foreach (var tool in tools.Items)
        {
            if (tool.Text is not { Length: > 0 } name || name.AsSpan().IndexOfAny('*', '?') >= 0)
                throw new ImportException(tool.Line, $"{tool.Place}: \"{tool.Text}\" is not a tool's name");
            draft.Tool(name);
        }
    }
}
