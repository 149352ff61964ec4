namespace Gateway.Admin.Importing;

/// <summary>Makes a policy of another product's file.</summary>
public static class PolicyImporter
{
    /// <summary>The formats that are read.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["intercept", "docker-mcp", "toolhive", "envoy"];

    /// <summary>The policy, and what of the file it does not say.</summary>
    /// <exception cref="ImportException">The file cannot be read.</exception>
    public static ImportedPolicy Import(ReadOnlySpan<byte> utf8, ImportChoices choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var root = YamlSource.Read(utf8);
        return choices.Format switch
        {
            "intercept" => new InterceptImport(root, choices.Scope).Read(),
            "docker-mcp" => ToolListImport.Docker(root, choices.Server),
            "toolhive" => ToolListImport.ToolHive(root),
            "envoy" => new EnvoyImport(root, choices.ToolKey, choices.GrantKey).Read(),
            _ => throw new ArgumentOutOfRangeException(nameof(choices), choices.Format, "No such format."),
        };
    }
}
