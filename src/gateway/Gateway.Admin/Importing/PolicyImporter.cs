namespace Gateway.Admin.Importing;

/// <summary>Imports policies from other products' files.</summary>
public static class PolicyImporter
{
    /// <summary>The supported formats.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["intercept", "docker-mcp", "toolhive", "envoy"];

    /// <summary>Returns the policy and the parts of the file that were not carried over.</summary>
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
