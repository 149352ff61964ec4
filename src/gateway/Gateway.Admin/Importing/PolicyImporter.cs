using System.Text.Json.Nodes;

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

/// <summary>A policy read from another product's file.</summary>
/// <param name="Document">The policy document; the loader accepts it.</param>
/// <param name="Notes">The parts that could not be carried over. Where the source would have denied calls, the policy
/// denies more of them.</param>
public sealed record ImportedPolicy(JsonObject Document, IReadOnlyList<ImportNote> Notes);

/// <summary>The choices that a file does not contain.</summary>
/// <param name="Format">One of <see cref="PolicyImporter.Formats"/>.</param>
public sealed record ImportChoices(string Format)
{
    /// <summary>For Intercept: the scope of its counters, <c>grant</c> or <c>server</c>.</summary>
    public string Scope { get; init; } = "grant";

    /// <summary>For Docker's gateway: the server whose tools are imported.</summary>
    public string? Server { get; init; }

    /// <summary>For Envoy: the descriptor key that names a tool.</summary>
    public string ToolKey { get; init; } = "tool";

    /// <summary>For Envoy: the descriptor key that names a grant.</summary>
    public string GrantKey { get; init; } = "grant";
}
