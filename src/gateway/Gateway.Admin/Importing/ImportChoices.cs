namespace Gateway.Admin.Importing;

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
